"""Names that English and Arabic do not spell alike: places, peoples, faiths, bodies of the world. Written by hand.

A name that both languages spell as it sounds (Paris, باريس) needs no entry: `index.names` and `qa.spelling` find it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from index.folding import Span, fold, normalise

# English names, then Arabic ones without the article; after a "?" those that are common words too. A people's name is
# found by its place's: see `_ENDS`.
_NAMES = """
Egypt, Egyptian, Egyptians = مصر
Cairo = قاهرة
Alexandria = إسكندرية
Morocco, Moroccan, Moroccans = ?مغرب, مغاربة
Algeria, Algerian, Algerians, Algiers = جزائر
Tunisia, Tunisian, Tunisians, Tunis = تونس, توانسة
Carthage = قرطاج
Tripoli = طرابلس
Jordan, Jordanian, Jordanians = أردن
Syria, Syrian, Syrians = سوريا, سورية
Damascus = دمشق
Aleppo = حلب
Lebanon, Lebanese = لبنان
Sidon = صيدا
Tyre = ?صور
Palestine, Palestinian, Palestinians = فلسطين
Jerusalem = ?قدس, أورشليم
Bethlehem = بيت لحم
Hebron = ?خليل
Jericho = أريحا
West Bank = ضفة الغربية
Israel, Israeli, Israelis = إسرائيل
Saudi Arabia, Saudi, Saudis = سعودية, سعودي
Mecca, Makkah = مكة
Emirates, Emirati, UAE = إمارات
Gulf = خليج
Iraq, Iraqi, Iraqis = عراق
Mosul = ?موصل
Basra = بصرة
Euphrates = فرات
Tigris = دجلة
Persia, Persian, Persians = ?فارس, ?فرس
Turkey, Turkish, Turks, Turk = تركيا, أتراك, تركي, ?ترك
Constantinople = قسطنطينية
Kurds, Kurdish, Kurd, Kurdistan = أكراد, كرد, كردي, كردستان
Cyprus, Cypriot, Cypriots = قبرص, قبارصة
Greece, Greek, Greeks = يونان, إغريق
Athens = أثينا
Germany, German, Germans = ألمانيا, ألماني, ألمان
Austria, Austrian, Austrians = نمسا
Switzerland, Swiss = سويسرا
Hungary, Hungarian, Hungarians = ?مجر, هنغاريا
Poland, Polish, Poles = بولندا, بولونيا
Czech, Czechs = تشيك
Croatia, Croatian, Croats, Croat = كرواتيا, كروات
Montenegro = جبل الأسود
Bosnia, Bosnian, Bosnians = بوسنة
Netherlands, Dutch, Holland = هولندا
Denmark, Danish, Danes, Dane = دنمارك, دانمرك
Norway, Norwegian, Norwegians = نرويج
Sweden, Swedish, Swedes, Swede = سويد
Finland, Finnish, Finns = فنلندا
Ireland, Irish = أيرلندا, إيرلندا
Scotland, Scottish, Scots = إسكتلندا, اسكتلندا, إسكوتلندا
England, English = إنجلترا, إنكلترا, إنجليز, إنكليز, إنجليزي, إنكليزي, إنقليزي
Wales, Welsh = ويلز
Britain, British, Great Britain, United Kingdom, UK, U.K. = بريطانيا, مملكة المتحدة
London = لندن
France, French, Frenchman, Frenchmen = فرنسا, فرنسي, فرنسيس
Spain, Spanish, Spaniards, Spaniard = إسبانيا, اسبان
Andalusia = أندلس
Seville = إشبيلية
Granada = غرناطة
Cordoba = قرطبة
Portugal, Portuguese = برتغال
Lisbon = لشبونة
Italy, Italian, Italians = إيطاليا
Rome, Roman, Romans = روما, روماني, رومان
Venice, Venetian = بندقية
Naples = نابولي
Sicily, Sicilian = صقلية
Vatican = فاتيكان
Vienna = فيينا
Brussels = بروكسل
Cologne = ?كولونيا
Russia, Russian, Russians = روسيا, ?روس
Moscow = موسكو
Crimea, Crimean = ?قرم
Ukraine, Ukrainian, Ukrainians = أوكرانيا
Georgia, Georgian, Georgians = جورجيا
China, Chinese = صين
Beijing, Peking = بكين
Japan, Japanese = يابان
India, Indian, Indians = ?هند, هنود
Mongolia, Mongol, Mongols, Mongolian = منغوليا, مغول, منغول
Afghanistan, Afghan, Afghans = أفغانستان, أفغان
Ethiopia, Ethiopian = إثيوبيا, حبشة
Ivory Coast, Côte d'Ivoire = ساحل العاج, كوت ديفوار
Cape Verde = رأس الأخضر
Comoros = جزر القمر
South Africa, South African = جنوب أفريقيا, جنوب إفريقيا
America, American, Americans, United States, US, U.S., USA = ولايات المتحدة, أمريكا, أميركا
Washington = واشنطن
White House = بيت الأبيض
New York = نيويورك
Australia, Australian, Australians = أستراليا
New Zealand = نيوزيلندا, نيوزيلاندا
Europe, European, Europeans = أوروبا, أوروبي
Africa, African, Africans = أفريقيا, إفريقيا, أفارقة
Asia, Asian, Asians = آسيا
North America = أمريكا الشمالية
South America = أمريكا الجنوبية
Middle East, Middle Eastern = شرق الأوسط
Mediterranean = ?متوسط
Red Sea = بحر الأحمر
Black Sea = بحر الأسود
Atlantic = أطلسي, أطلنطي
Pacific = ?هادئ, ?هادي
Nile = ?نيل
Arab, Arabs, Arabic, Arabian = عرب, عربي
Berber, Berbers, Amazigh = بربر, أمازيغ
Jew, Jews, Jewish = يهود
Christian, Christians, Christianity, Christ = مسيحي, مسيحية, مسيح, نصارى
Muslim, Muslims, Islam, Islamic, Moslem = مسلم, مسلمين, مسلمون, إسلام
Protestant, Protestants = بروتستانت
Catholic, Catholics = كاثوليك
Orthodox = أرثوذكس
Jesus = يسوع, عيسى
Moses = موسى
Virgin Mary = مريم العذراء
Joseph = يوسف, جوزيف
Solomon = سليمان, سولومون
David = داود, داوود, ديفيد, دافيد
Abraham = إبراهيم, أبراهام
Alexander = إسكندر, ألكسندر
Jonathan = يوناثان, جوناثان
Bible = كتاب المقدس, ?إنجيل
Quran, Koran, Qur'an = قرآن
United Nations, UN, U.N. = أمم المتحدة
Security Council = مجلس الأمن
General Assembly = جمعية العامة
European Union, EU = اتحاد الأوروبي
African Union = اتحاد الأفريقي, اتحاد الإفريقي
Arab League = جامعة العربية, جامعة الدول العربية
Gulf Cooperation Council, GCC = مجلس التعاون
NATO = ناتو, حلف شمال الأطلسي
World Health Organization, World Health Organisation, WHO = منظمة الصحة العالمية
World Bank = بنك الدولي
International Monetary Fund, IMF = صندوق النقد الدولي
World Trade Organization, WTO = منظمة التجارة العالمية
International Atomic Energy Agency, IAEA = وكالة الدولية للطاقة الذرية
International Criminal Court, ICC = محكمة الجنائية الدولية
Amnesty International = منظمة العفو الدولية
Human Rights Watch = هيومن رايتس ووتش
Red Cross = صليب الأحمر
Red Crescent = هلال الأحمر
World Cup = كأس العالم, مونديال
Champions League = دوري أبطال
Premier League = دوري الإنجليزي الممتاز, دوري الممتاز
Nobel = نوبل
Oscar, Oscars, Academy Award, Academy Awards = أوسكار
Islamic State, ISIS, ISIL, Daesh = داعش, تنظيم الدولة
Al-Qaeda, al-Qaeda, Al Qaeda, al-Qaida = ?قاعدة
Hezbollah, Hizbollah = حزب الله
Muslim Brotherhood = إخوان المسلمين, إخوان المسلمون
Taliban = طالبان
Houthi, Houthis = ?حوثي, حوثيين, حوثيون
Pope = ?بابا
Ottoman, Ottomans = عثماني
Soviet Union, USSR, Soviet = اتحاد السوفيتي, سوفيتي, سوفياتي
Parliament = برلمان
"""
# What Arabic hangs before and after a name.
_BEFORE = "[وف]?(?:بال|كال|لل|ال|[بلك])?"
_ENDS = "(?:ي|يه|يين|يون|يات|ين|ون|ه|يا|يي)?"


@dataclass(frozen=True, slots=True)
class Known:
    """A known name as it stands in a text; `key` is the same for all its forms, in both languages.

    It is `certain` unless its word is a common one as well.
    """

    span: Span
    key: str
    certain: bool


@lru_cache(maxsize=512)
def known_in(text: str) -> tuple[Known, ...]:
    """Return the known names of a text in order, the longest where several begin at one place."""
    folded = normalise(text)
    table = _table()
    found = [
        Known(Span(*match.span()), table.english[match.group()], certain=True) for match in table.latin.finditer(text)
    ]
    for match in table.arabic.finditer(folded.text):
        key = table.keys[match["name"]]
        span = folded.to_original(match.start(), match.end())
        found.append(Known(span, key, certain=match["name"] not in table.doubtful))
    return tuple(sorted(found, key=lambda known: known.span.start))


@dataclass(frozen=True, slots=True)
class _Table:
    """Keys by English name as it is written and by folded Arabic name, the patterns of both, and common words."""

    english: dict[str, str]
    keys: dict[str, str]
    latin: re.Pattern[str]
    arabic: re.Pattern[str]
    doubtful: frozenset[str]


@cache
def _table() -> _Table:
    english: dict[str, str] = {}
    arabic: dict[str, str] = {}
    doubtful: set[str] = set()
    for line in _NAMES.strip().splitlines():
        names, _, others = line.partition(" = ")
        listed = names.split(", ")
        english |= dict.fromkeys(listed, listed[0])
        for other in others.split(", "):
            folded = fold(other.removeprefix("?"))
            # "سويسري" is made from "سويسرا" without its last letter.
            for form in (folded, f"{folded[:-1].removesuffix('ي')}ي" if folded[-1] in "اه" else folded):
                arabic.setdefault(form, listed[0])
                if other[0] == "?":
                    doubtful.add(form)
    latin = re.compile(rf"(?<!\w)(?:{_any_of(english)})(?!\w)")
    name = re.compile(rf"(?<!\w){_BEFORE}(?P<name>{_any_of(arabic)}){_ENDS}(?!\w)")
    return _Table(english, arabic, latin, name, frozenset(doubtful))


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
