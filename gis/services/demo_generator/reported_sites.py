"""The table of real sites; each fact with its source (domain.md, "Publicly reported sites and events")."""

from datetime import date

from gis.services.demo_generator.reported import (
    BENEFICIARY,
    MONTH,
    RESIDENT,
    RETURNED,
    YEAR,
    Count,
    Fact,
    ReportedSite,
)

_ANTARA = ("kaltim.antaranews.com 32590", "https://kaltim.antaranews.com/berita/32590")
_LIPUTAN6_ELMO = ("liputan6 2466275", "https://www.liputan6.com/regional/read/2466275")
_TARAKAN = ("rakyatkaltara.prokal.co 15739", "https://rakyatkaltara.prokal.co")
_KUPANG = (
    "timorexpress.fajar.co.id",
    "https://timorexpress.fajar.co.id/2019/01/02/resmi-karang-dempel-ditutup/",
)
_SEMARANG = ("tribunnews.com 2019/10/17", "https://tribunnews.com/2019/10/17")
_KENDAL = ("joglosemarnews.com 2019/11", "https://joglosemarnews.com/2019/11")
_LOA_HUI = ("natmed.id; kaltimtoday.co; prokal.co; kaltimetam.id", "https://natmed.id")

REPORTED_SITES = (
    ReportedSite(
        key="real-dolly",
        name="Dolly dan Jarak",
        alternative_names=("Dolly", "Jarak"),
        region_codes=("35.78",),
        facts=(
            Fact(
                "closed", date(2014, 6, 18), "enciety.co", "https://enciety.co", note="Deklarasi penutupan."
            ),
        ),
    ),
    ReportedSite(
        key="real-tanjung-elmo",
        name="Tanjung Elmo",
        region_codes=("91.03",),
        facts=(
            Fact("closed", date(2015, 8, 17), *_LIPUTAN6_ELMO),
            Fact("repurposed", date(2016, 3, 23), *_LIPUTAN6_ELMO, note="Sebagian bangunan dibongkar."),
        ),
        # Three sources, three numbers; all are kept, each at the day of the closing that it speaks of.
        counts=(
            Count(date(2015, 8, 17), 135, RETURNED, *_LIPUTAN6_ELMO, "91.03", date(2016, 3, 23)),
            Count(
                date(2015, 8, 17), 191, RETURNED, "indonesiatimur.co", "https://indonesiatimur.co", "91.03"
            ),
            Count(
                date(2015, 8, 17),
                288,
                RETURNED,
                "detik d-3002179",
                "https://news.detik.com/berita/d-3002179",
                "91.03",
            ),
        ),
    ),
    ReportedSite(
        key="real-kalijodo",
        name="Kalijodo",
        region_codes=("31.72", "31.73"),
        facts=(
            Fact(
                "closed",
                date(2016, 2, 29),
                "liputan6 2448886",
                "https://www.liputan6.com/news/read/2448886",
                note="Dibongkar.",
            ),
        ),
    ),
    ReportedSite(
        key="real-balongcangkring",
        name="Balongcangkring",
        region_codes=("35.76",),
        facts=(
            Fact(
                "closed",
                date(2016, 5, 29),
                "terasjatim.com",
                "https://terasjatim.com",
                note="Deklarasi penutupan.",
            ),
        ),
    ),
    ReportedSite(
        key="real-bayur",
        name="Bayur",
        region_codes=("64.72",),
        facts=(Fact("closed", date(2016, 6, 1), *_ANTARA, note="Penutupan serentak se-Kalimantan Timur."),),
    ),
    ReportedSite(
        key="real-loa-hui",
        name="Loa Hui",
        region_codes=("64.72",),
        facts=(
            Fact("closed", date(2014, 1, 1), *_LOA_HUI, YEAR, "Sumber lain menyebut penutupan pada 2016."),
            Fact("reactivated", date(2025, 11, 1), *_LOA_HUI, MONTH),
            Fact("sealed", date(2025, 12, 2), *_LOA_HUI, note="Sumber lain menyebut 3 Desember 2025."),
        ),
    ),
    ReportedSite(
        key="real-pembatuan",
        name="Pembatuan",
        alternative_names=("Batu Besi",),
        region_codes=("63.72",),
        facts=(
            Fact(
                "assisted",
                date(2016, 12, 15),
                "metro7.co.id",
                "https://metro7.co.id",
                note="346 dari 432 penerima manfaat sudah dibayar.",
            ),
        ),
        # Those who are entitled, paid or not.
        counts=(
            Count(date(2016, 12, 15), 432, BENEFICIARY, "metro7.co.id", "https://metro7.co.id", "63.72"),
        ),
    ),
    ReportedSite(
        key="real-sungai-bengawan",
        name="Sungai Bengawan",
        region_codes=("65.71",),
        facts=(Fact("closed", date(2018, 12, 28), *_TARAKAN),),
    ),
    ReportedSite(
        key="real-karang-agas",
        name="Karang Agas",
        region_codes=("65.71",),
        facts=(Fact("closed", date(2018, 12, 28), *_TARAKAN),),
    ),
    ReportedSite(
        key="real-karang-dempel",
        name="Karang Dempel",
        region_codes=("53.71",),
        facts=(
            Fact("decreed", date(2019, 1, 1), *_KUPANG),
            Fact("closed", date(2019, 1, 1), *_KUPANG),
        ),
        # "Later", without a day; the last day of the year of the closing claims least.
        counts=(Count(date(2019, 12, 31), 145, RETURNED, *_KUPANG, "53.71"),),
    ),
    ReportedSite(
        key="real-sunan-kuning",
        name="Sunan Kuning",
        region_codes=("33.74",),
        facts=(Fact("closed", date(2019, 10, 18), *_SEMARANG),),
        counts=(Count(date(2019, 10, 17), 448, RESIDENT, *_SEMARANG, "33.74"),),
    ),
    ReportedSite(
        key="real-gambilangu",
        name="Gambilangu",
        region_codes=("33.74", "33.24"),
        facts=(Fact("closed", date(2019, 11, 19), *_KENDAL),),
        counts=(
            Count(date(2019, 11, 19), 126, RESIDENT, *_KENDAL, "33.74"),
            Count(date(2019, 11, 19), 100, RESIDENT, *_KENDAL, "33.24"),
        ),
    ),
)
