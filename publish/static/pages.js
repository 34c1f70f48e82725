/* What our pages do with a script; without one they only lack these buttons. */
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
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
