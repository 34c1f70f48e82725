"""Files that a browser sends: read piece by piece from the form, written where they wait, within limits."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from extract.read.intake import MAX_BYTES
from graph import files
from publish.received import DeskError, Receiver

MOST_FILES = 50
MOST_TOTAL = 500 * 1024 * 1024
_MEGA = 1024 * 1024
_MOST_FIELD = 4096
_MOST_DRAINED = 2 * MOST_TOTAL

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class UploadError(Exception):
    """The form cannot be taken: HTTP status and a Vietnamese sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        """``status`` is what the browser is answered."""
        super().__init__(sentence)
        self.status = status


def check_sender(request: Any) -> None:
    """See that a form was sent from a page of this server, by a browser on this machine.

    The token in the form is checked with :func:`same_token`.

    Raises:
        UploadError: it comes from another machine, through a proxy, or from another site's page.
    """
    headers: Mapping[str, str] = request.headers
    client = (request.scope.get("client") or ("",))[0]
    if client not in ("127.0.0.1", "::1") or {"x-forwarded-for", "forwarded", "x-real-ip", "via"} & set(headers):
        raise UploadError(403, "Chỉ thêm văn bản, ghi quyết định được từ chính máy đang chạy chương trình.")
    if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost", "::1"):
        raise UploadError(403, "Chỉ thêm văn bản, ghi quyết định được khi mở trang tại địa chỉ 127.0.0.1.")
    origin = headers.get("origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        raise UploadError(403, "Yêu cầu đến từ một trang khác nên bị từ chối.")
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise UploadError(403, "Yêu cầu đến từ một trang khác nên bị từ chối.")


def check_token(request: Any, token: str) -> None:
    """See that a form carries the token that this browser was given.

    Datasette lets forms without any cookie pass, which is why it is asked again here.

    Raises:
        UploadError: it does not.
    """
    mine = request.scope["csrftoken"]()
    if "ds_csrftoken" not in request.cookies or not secrets.compare_digest(token.encode(), mine.encode()):
        raise UploadError(403, "Trang đã mở quá lâu hoặc trình duyệt chặn cookie. Hãy tải lại trang rồi gửi lại.")


async def read_form(request: Any, most: int = 200_000) -> dict[str, list[str]]:
    """Return the values of a form of ours, empty ones too; it holds no more than ``most`` bytes.

    Raises:
        UploadError: it is not one of ours, or too long.
    """
    check_sender(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise UploadError(400, "Biểu mẫu gửi lên không đúng dạng. Hãy tải lại trang rồi thử lại.")
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most:
        raise UploadError(413, "Biểu mẫu gửi lên quá dài. Hãy rút gọn rồi gửi lại.")
    values = parse_qs((await request.post_body()).decode("utf-8", "replace"), keep_blank_values=True)
    check_token(request, values.get("csrftoken", [""])[0])
    return values


async def receive_files(request: Any, desk: Receiver) -> int:
    """Take the files of a form into the waiting area of ``desk``; return how many wait now that did not before.

    What is too large, too much or no document is told to ``desk`` by name, and the others are taken.

    Raises:
        UploadError: the form is not one of ours, or broken.
    """
    check_sender(request)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise UploadError(400, "Biểu mẫu gửi lên không đúng dạng. Hãy tải lại trang rồi gửi lại.")
    form = _Form(request, desk)
    parser = MultipartParser(options[b"boundary"], form.callbacks())  # type: ignore[arg-type]
    more = True
    try:
        while more:
            message = await request.receive()
            more = message.get("more_body", False)
            if message["type"] == "http.disconnect":
                raise UploadError(400, "Trình duyệt đã ngừng gửi giữa chừng. Hãy gửi lại.")
            parser.write(message.get("body", b""))
        parser.finalize()
    except UploadError:
        if more:
            await _drain(request)
        raise
    except FormParserError as error:
        raise UploadError(400, "Biểu mẫu gửi lên bị đứt đoạn. Hãy tải lại trang rồi gửi lại.") from error
    finally:
        form.drop()
    return form.taken


async def _drain(request: Any) -> None:
    """Read on to the end of a form that is refused: a browser shows no answer before it has sent all."""
    size = 0
    while size < _MOST_DRAINED:
        message = await request.receive()
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


@dataclass(slots=True)
class _Part:
    """A part of the form on its way: headers, then a short value or a file."""

    headers: dict[str, str] = field(default_factory=dict)
    header: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    name: str = ""
    file_name: str | None = None
    handle: IO[bytes] | None = None
    path: Path | None = None
    size: int = 0
    refused: str = ""


class _Form:
    """What is being received; the parser calls it piece by piece."""

    def __init__(self, request: Any, desk: Receiver) -> None:
        self.taken = 0
        self._request, self._desk = request, desk
        self._part = _Part()
        self._field = bytearray()
        self._trusted = False
        self._count = self._total = 0

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin, "on_header_field": self._header_field, "on_header_value": self._header_value,
            "on_header_end": self._header_end, "on_headers_finished": self._headers_finished,
            "on_part_data": self._data, "on_part_end": self._end,
        }  # fmt: skip

    def drop(self) -> None:
        """Let go of a file that did not come whole."""
        part, self._part = self._part, _Part()
        if part.handle is not None:
            part.handle.close()
        if part.path is not None:
            with suppress(OSError):
                part.path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]

    def _header_end(self) -> None:
        self._part.headers[self._field.decode("latin-1").lower()] = self._part.header.decode("utf-8", "replace")
        self._field, self._part.header = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        part = self._part
        _, options = parse_options_header(part.headers.get("content-disposition", "").encode())
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        part.file_name = options[b"filename"].decode("utf-8", "replace")
        if not self._trusted:
            raise UploadError(403, "Biểu mẫu thiếu mã xác nhận. Hãy tải lại trang rồi gửi lại.")
        if not part.file_name:
            return  # the field was left empty
        self._count += 1
        if self._count > MOST_FILES:
            part.refused = f"Mỗi lần gửi nhiều nhất {MOST_FILES} tệp"
            return
        try:
            part.path = self._desk.temporary()
            part.handle = part.path.open("xb")
            files.hold(part.handle)
        except OSError as error:
            part.refused = f"Không ghi được vào thư mục chờ cạnh kho ({error.strerror or error})"

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.file_name is None:
            if len(part.value) + end - start > _MOST_FIELD:
                raise UploadError(400, "Biểu mẫu gửi lên không đúng dạng. Hãy tải lại trang rồi gửi lại.")
            part.value += data[start:end]
            return
        part.size += end - start
        self._total += end - start
        if part.handle is None or part.refused:
            return  # read to its end all the same: a browser shows no answer before it has sent all
        if part.size > MAX_BYTES:
            part.refused = f"Tệp lớn hơn {MAX_BYTES // _MEGA} MB"
        elif self._total > MOST_TOTAL:
            part.refused = f"Các tệp gửi một lần lớn hơn {MOST_TOTAL // _MEGA} MB"
        else:
            try:
                part.handle.write(data[start:end])
            except OSError as error:
                part.refused = f"Không ghi được vào thư mục chờ cạnh kho ({error.strerror or error})"

    def _end(self) -> None:
        part = self._part
        if part.file_name is None:
            if part.name == "csrftoken":
                check_token(self._request, part.value.decode("utf-8", "replace"))
                self._trusted = True
        elif part.file_name:
            self._finish(part)
        self.drop()

    def _finish(self, part: _Part) -> None:
        name = part.file_name or ""
        if part.refused or part.path is None or part.handle is None:
            self._desk.tell(name, f"{part.refused}.", "Hãy tách nhỏ, hoặc gửi làm nhiều lần.")
            return
        try:
            part.handle.close()
            if not part.size:
                self._desk.tell(name, "Tệp rỗng.", "Hãy kiểm tra lại tệp gốc.")
                return
            self._desk.receive(part.path, name)
            self.taken += 1
        except DeskError as error:
            reason, _, advice = str(error).partition(". ")
            self._desk.tell(name, f"{reason}.", advice)
        except OSError as error:
            self._desk.tell(
                name, f"Không ghi được tệp ({error.strerror or error}).", "Hãy kiểm tra chỗ trống trên ổ đĩa."
            )
