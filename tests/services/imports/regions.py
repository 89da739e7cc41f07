"""A few regions of today, as the row builder takes them."""

REGIONS = [
    ("32", "province", "Jawa Barat", None),
    ("33", "province", "Jawa Tengah", None),
    ("63", "province", "Kalimantan Selatan", None),
    ("64", "province", "Kalimantan Timur", None),
    ("32.01", "regency", "Kabupaten Bogor", "32"),
    ("32.71", "regency", "Kota Bogor", "32"),
    ("33.24", "regency", "Kabupaten Kendal", "33"),
    ("33.74", "regency", "Kota Semarang", "33"),
    ("63.02", "regency", "Kabupaten Kotabaru", "63"),
    ("64.02", "regency", "Kabupaten Kutai Kartanegara", "64"),
    ("64.10", "regency", "Kabupaten Sepuluh", "64"),
    ("64.72", "regency", "Kota Samarinda", "64"),
]
