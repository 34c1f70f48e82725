// The page "Thêm văn bản": files may be dropped, sending and reading show how far they are. Without it the forms work.
"use strict";

(() => {
  const form = document.getElementById("gui-tep");
  const input = document.getElementById("tep");
  const said = document.getElementById("gui-tep-cau");
  const limit = (name) => Number(form.dataset[name]);
  const mega = (bytes) => `${Math.max(1, Math.round(bytes / 1048576))} MB`;

  form.classList.add("scripted"); // the browser's own button may speak another language than the page
  input.required = false;

  function trouble() {
    const files = [...input.files];
    if (!files.length) return "Chưa chọn tệp nào.";
    const large = files.filter((file) => file.size > limit("lonNhat")).map((file) => file.name);
    if (files.length > limit("nhieuNhat")) return `Mỗi lần gửi nhiều nhất ${limit("nhieuNhat")} tệp, đang chọn ${files.length}. Hãy gửi làm nhiều lần.`;
    if (large.length) return `Tệp lớn hơn ${mega(limit("lonNhat"))}: ${large.join("; ")}. Hãy tách nhỏ rồi chọn lại.`;
    if (files.reduce((sum, file) => sum + file.size, 0) > limit("tong")) return `Các tệp gửi một lần lớn hơn ${mega(limit("tong"))}. Hãy gửi làm nhiều lần.`;
    return "";
  }

  function look() {
    const names = [...input.files].map((file) => file.name);
    said.textContent = trouble() || `Đã chọn ${names.length} tệp: ${names.join("; ")}`;
  }

  function send() {
    const bar = document.createElement("progress");
    const request = new XMLHttpRequest();
    const failed = () => { said.textContent = "Không gửi được tệp. Hãy tải lại trang rồi gửi lại."; };
    said.textContent = "Đang gửi… ";
    said.append(bar);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
    });
    request.addEventListener("load", () => { if (request.status < 400) location.assign(form.action); else failed(); });
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  input.addEventListener("change", look);
  if (input.files.length) look(); // chosen before this script was there
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (trouble()) look(); else send();
  });

  // A file dropped beside the frame must not take the page away.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => event.preventDefault());
  form.addEventListener("dragover", () => form.classList.add("over"));
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    if (entries.some((entry) => entry && entry.isDirectory)) {
      said.textContent = "Không nhận cả thư mục. Hãy chọn các tệp bên trong, hoặc nén thư mục thành .zip rồi thả vào.";
      return;
    }
    input.files = event.dataTransfer.files;
    look();
    if (!trouble()) send();
  });

  const card = document.getElementById("tien-do");
  if (!card) return;
  const words = document.getElementById("tien-do-cau");
  const bar = document.getElementById("tien-do-thanh");

  async function follow() {
    try {
      const answer = await fetch(card.dataset.diaChi, { cache: "no-store" });
      const state = await answer.json();
      if (!state.dang_lam) {
        location.assign(form.action);
        return;
      }
      if (state.cau) words.textContent = state.cau;
      if (state.tong && state.xong < state.tong) {
        bar.max = state.tong;
        bar.value = state.xong;
      } else {
        bar.removeAttribute("value");
      }
    } catch {
      words.textContent = "Không hỏi được tiến độ: chương trình có thể đã đóng. Hãy mở lại rồi tải lại trang.";
    }
    setTimeout(follow, 700);
  }
  setTimeout(follow, 300);
})();
