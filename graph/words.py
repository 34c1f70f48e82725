"""Vietnamese words for the codes of the first room: what the base and the pages say instead of "task" or "stated"."""

from __future__ import annotations

UNIT_KINDS = {
    "title": "Tiêu đề",
    "basis": "Căn cứ",
    "lead": "Dẫn nhập",
    "section": "Đề mục",
    "group": "Nhóm nhiệm vụ",
    "task": "Nhiệm vụ",
    "assignment": "Phân công",
    "statement": "Nội dung",
    "closing": "Kết thúc",
}
RESOLUTION = {"resolved": "đã xác định", "ambiguous": "nhiều khả năng", "unresolved": "chưa xác định"}
RELATION_STATUS = {"stated": "đã nêu", "planned": "dự kiến", "inferred": "suy ra"}
RESOLVED = RESOLUTION["resolved"]
STATED, PLANNED, INFERRED_STATUS = RELATION_STATUS["stated"], RELATION_STATUS["planned"], RELATION_STATUS["inferred"]
FORMS = {"number": "có số", "name": "theo tên", "standard": "tiêu chuẩn", "work": "nêu tên"}
REFERENCE_KINDS = {
    "internal": "dẫn nội bộ",
    "self": "chính văn bản này",
    "back": "dẫn ngược",
    "declared": "tên gọi tắt",
    "vague": "chưa nói rõ văn bản nào",
}
DECIDED_POINTER = "đã quyết định"
"""What a pointer is called in the base once a person has said which document it means, or that it means none."""
FAMILIES = {
    "party": "Đảng",
    "normative": "quy phạm pháp luật",
    "administrative": "hành chính",
    "joint": "liên tịch, phối hợp",
    "law": "luật, nghị quyết Quốc hội",
    "standard": "tiêu chuẩn, quy chuẩn",
    "court": "tòa án, viện kiểm sát",
    "letter": "công văn",
    "work": "chương trình, đề án nêu tên",
    "unknown": "chưa rõ",
}
INFERRED = {
    "issuer": "cơ quan ban hành",
    "type": "tên loại",
    "number": "số, ký hiệu",
    "date": "ngày ban hành",
    "place": "địa danh",
    "title": "trích yếu",
}


def vietnamese_date(iso: str) -> str:
    """Return an ISO date as people write it: "2023-08-08" -> "08/08/2023", "2024-01" -> "01/2024", "" -> "--"."""
    return "/".join(reversed(iso.split("-"))) if iso else "--"
