"""What is true: procedures, forms, dossiers, keys and the store.

Glossary. One word, one meaning; code uses the left word only.

==========  =====================  ==========================================================
procedure   thủ tục                an administrative procedure with a national code
paper       giấy tờ                one document of a procedure's dossier components
dossier     hồ sơ                  one family's filled procedure with its papers
supplement  bổ sung                what an officer asks to be mended in a sent dossier
receipt     phiếu ghi nhận         our home slip (never the official Giấy tiếp nhận)
proof       biên nhận của tỉnh     the province's signed statement that it holds every byte
pack        gói thủ tục            the compiled catalogue of procedures
province    tỉnh                   the intake API and whoever stands behind it
photo       ảnh, tệp               one file attached to a paper
==========  =====================  ==========================================================
"""
