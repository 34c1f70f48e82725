/* What our pages do with a script; without one they only lack these buttons. */
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// What takes a while says so as soon as it is sent.
for (const form of document.querySelectorAll("form[data-cho]")) {
  const said = form.querySelector("[data-cho-cau]");
  const input = form.querySelector("input[type=file]");
  if (!said) continue;
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.value !== "bo") said.textContent = form.dataset.cho;
  });
  if (!input) continue;
  form.classList.add("scripted"); // the browser's own button may speak another language than the page
  const name = () => { said.textContent = input.files.length ? `Đã chọn: ${input.files[0].name}` : ""; };
  input.required = false; // a field that is not seen could not say so; the server does
  input.addEventListener("change", name);
  name();
}
// A list that waits for the base to be built anew shows it as soon as it is there; a form is left to who fills it in.
const waiting = document.getElementById("dang-dung");
if (waiting && document.body.classList.contains("renewed")) {
  const look = async () => {
    const answer = await fetch(waiting.dataset.diaChi, { cache: "no-store" }).catch(() => null);
    const state = answer && answer.ok ? await answer.json() : { dang_lam: true };
    if (state.dang_lam) setTimeout(look, 700);
    else location.reload();
  };
  setTimeout(look, 700);
}
