"""The views of the base: tables joined and read as sentences, as people look at them in Datasette."""

from __future__ import annotations

VIEWS: dict[str, tuple[str, str, str]] = {
    # name -> (Vietnamese title, description, SQL); LEFT JOIN keeps the order of the tables, so that the first rows are
    # read along an index and no view is sorted whole
    "xem_nhiem_vu": (
        "Xem: nhiệm vụ và căn cứ",
        "Nhiệm vụ, độ mạnh căn cứ, văn bản căn cứ trực tiếp và văn bản cao nhất, đọc bằng lời.",
        """
        SELECT n.id, n.ma, n.noi_dung, n.do_manh,
               (SELECT group_concat(v.nhan, '; ') FROM can_cu c JOIN van_ban v ON v.id = c.van_ban
                 WHERE c.nhiem_vu = n.id AND c.cach IN ('trực tiếp', 'nêu tên')) AS can_cu_truc_tiep,
               cao.nhan AS van_ban_cao_nhat, n.chuoi, n.canh_bao, p.nhan AS ke_hoach, n.noi_dung_abc,
               cao.nhan_abc AS van_ban_cao_nhat_abc, p.nhan_abc AS ke_hoach_abc
          FROM nhiem_vu n LEFT JOIN van_ban p ON p.id = n.van_ban LEFT JOIN van_ban cao ON cao.id = n.cao_nhat
         ORDER BY n.van_ban, n.thu_tu
        """,
    ),
    "xem_quan_he": (
        "Xem: quan hệ đọc thành câu",
        "Mỗi quan hệ đọc thành một câu, kèm câu nguyên văn.",
        """
        SELECT q.id, COALESCE(a.nhan, 'Mục ' || m.ma) || ' ' ||
               CASE q.trang_thai WHEN 'dự kiến' THEN 'dự kiến ' ELSE '' END
               || l.doc_xuoi || ' ' || b.nhan AS doc_thanh_cau,
               q.trang_thai, q.cau, q.vi_tri, n.nhan AS neu_tai
          FROM quan_he q LEFT JOIN loai_quan_he l ON l.id = q.loai LEFT JOIN van_ban b ON b.id = q.dich
          LEFT JOIN van_ban a ON a.id = q.nguon_van_ban LEFT JOIN muc m ON m.id = q.nguon_muc
          LEFT JOIN van_ban n ON n.id = q.neu_tai
         ORDER BY q.id
        """,
    ),
    "xem_trich_dan": (
        "Xem: viện dẫn",
        "Mọi lần viện dẫn với văn bản đích và trạng thái.",
        """
        SELECT t.id, m.ma AS muc, t.nguyen_van, t.ngay, t.co_quan, v.nhan AS van_ban,
               l.doc_xuoi AS quan_he, t.trang_thai, t.cau, t.vi_tri, n.nhan AS van_ban_nguon
          FROM trich_dan t LEFT JOIN van_ban n ON n.id = t.van_ban_nguon
          LEFT JOIN muc m ON m.id = t.muc LEFT JOIN van_ban v ON v.id = t.van_ban
          LEFT JOIN loai_quan_he l ON l.id = t.quan_he
         ORDER BY t.van_ban_nguon, t.bat_dau
        """,
    ),
    "xem_van_ban": (
        "Xem: văn bản và số lần được nhắc",
        "Văn bản với số lần viện dẫn và số nhiệm vụ dựa vào.",
        """
        SELECT v.id, v.nhan, v.trich_yeu, v.ngay_ban_hanh, v.co_quan_ban_hanh, v.hinh_thuc, v.trang_thai,
               v.so_lan_nhac, v.so_nhiem_vu, v.nhan_abc, v.trich_yeu_abc, v.co_quan_ban_hanh_abc
          FROM van_ban v ORDER BY v.cap, v.sap_xep
        """,
    ),
}
