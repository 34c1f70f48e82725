"""Pages for what cannot be shown: what happened, and what to do next."""

from __future__ import annotations

from publish.answers import Page

_WORDS: dict[int, tuple[str, str]] = {
    400: ("Yêu cầu chưa đúng", "Địa chỉ hoặc bộ lọc có phần không hiểu được. Hãy quay lại trang trước và chọn lại."),
    403: (
        "Trang này không mở cho người dùng",
        "Chức năng này (ví dụ viết câu lệnh SQL) đã tắt khi xem bằng “cancu serve”. "
        "Các bảng và câu hỏi dựng sẵn vẫn dùng được.",
    ),
    404: (
        "Không tìm thấy trang này",
        "Địa chỉ có thể đã gõ sai, hoặc văn bản, nhiệm vụ này không còn trong kho sau lần dựng dữ liệu mới. "
        "Hãy tìm lại bằng số, ký hiệu hoặc trích yếu.",
    ),
    409: ("Cần dựng lại cơ sở dữ liệu", "Trang này cần dữ liệu mà phiên bản trước của chương trình chưa có."),
    405: ("Trang này chỉ để xem", "Kho dữ liệu được mở ở chế độ chỉ đọc, không nhận dữ liệu gửi lên."),
    500: (
        "Trang bị lỗi",
        "Chương trình gặp lỗi khi dựng trang này; dữ liệu trong kho không bị ảnh hưởng. Hãy tải lại trang. "
        "Nếu vẫn lỗi, hãy gửi cho người quản trị nội dung ghi ở cửa sổ đang chạy “cancu serve”.",
    ),
    503: (
        "Cơ sở dữ liệu đã hỏng",
        "Tệp cơ sở dữ liệu thiếu hoặc hỏng một phần nên trang này không đọc được. "
        "Hãy dựng lại bằng lệnh “cancu build”, hoặc đóng rồi mở lại “cancu serve”; văn bản gốc không bị ảnh hưởng.",
    ),
}


def page(status: int, detail: str = "") -> Page:
    """Return the page for an HTTP ``status``; ``detail`` is the system's own message, shown small."""
    title, advice = _WORDS.get(status) or _WORDS[400 if status < 500 else 500]
    return Page("problem.html", {"title": title, "advice": advice, "detail": detail, "status": status}, status)


def refused(status: int, sentence: str) -> Page:
    """Return the page for a form that is not taken, and why."""
    return Page("problem.html", {"title": "Chưa thực hiện được", "advice": sentence, "status": status}, status)


def no_document(words: str) -> Page:
    """Return the page for a document id that is not in the base."""
    return Page(
        "problem.html",
        {
            "title": "Không có văn bản này trong kho", "status": 404, "query": words,
            "advice": f"Kho không có văn bản mang mã “{words}”. Hãy tìm theo số, ký hiệu hoặc trích yếu.",
        },
        404,
    )  # fmt: skip


def no_task(plan: str, code: str) -> Page:
    """Return the page for a task that is not in the base."""
    return Page(
        "problem.html",
        {
            "title": "Không có nhiệm vụ này trong kho", "status": 404, "query": code,
            "advice": f"Không có nhiệm vụ mang mã “{code}” trong kế hoạch “{plan}”. "
            "Hãy mở kế hoạch để xem danh mục nhiệm vụ, hoặc tìm theo nội dung.",
        },
        404,
    )  # fmt: skip


def no_picture(why: str) -> Page:
    """Return the page for a picture that this machine cannot make."""
    return Page("problem.html", {"title": "Không vẽ được ảnh", "status": 503, "advice": why}, 503)
