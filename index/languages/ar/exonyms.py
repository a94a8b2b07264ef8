"""Arabic names that English does not spell alike, by the English one; without the article.

After a "?" stand those that are common words too. A people's name is found by its place's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.languages.grammar import KnownName
from index.text.normalisation import fold, normalise

_NAMES = """
Egypt = مصر
Cairo = قاهرة
Alexandria = إسكندرية
Morocco = ?مغرب, مغاربة
Algeria = جزائر
Tunisia = تونس, توانسة
Carthage = قرطاج
Tripoli = طرابلس
Jordan = أردن
Syria = سوريا, سورية
Damascus = دمشق
Aleppo = حلب
Lebanon = لبنان
Sidon = صيدا
Tyre = ?صور
Palestine = فلسطين
Jerusalem = ?قدس, أورشليم
Bethlehem = بيت لحم
Hebron = ?خليل
Jericho = أريحا
West Bank = ضفة الغربية
Israel = إسرائيل
Saudi Arabia = سعودية, سعودي
Mecca = مكة
Emirates = إمارات
Gulf = خليج
Iraq = عراق
Mosul = ?موصل
Basra = بصرة
Euphrates = فرات
Tigris = دجلة
Persia = ?فارس, ?فرس
Turkey = تركيا, أتراك, تركي, ?ترك
Constantinople = قسطنطينية
Kurds = أكراد, كرد, كردي, كردستان
Cyprus = قبرص, قبارصة
Greece = يونان, إغريق
Athens = أثينا
Germany = ألمانيا, ألماني, ألمان
Austria = نمسا
Switzerland = سويسرا
Hungary = ?مجر, هنغاريا
Poland = بولندا, بولونيا
Czech = تشيك
Croatia = كرواتيا, كروات
Montenegro = جبل الأسود
Bosnia = بوسنة
Netherlands = هولندا
Denmark = دنمارك, دانمرك
Norway = نرويج
Sweden = سويد
Finland = فنلندا
Ireland = أيرلندا, إيرلندا
Scotland = إسكتلندا, اسكتلندا, إسكوتلندا
England = إنجلترا, إنكلترا, إنجليز, إنكليز, إنجليزي, إنكليزي, إنقليزي
Wales = ويلز
Britain = بريطانيا, مملكة المتحدة
London = لندن
France = فرنسا, فرنسي, فرنسيس
Spain = إسبانيا, اسبان
Andalusia = أندلس
Seville = إشبيلية
Granada = غرناطة
Cordoba = قرطبة
Portugal = برتغال
Lisbon = لشبونة
Italy = إيطاليا
Rome = روما, روماني, رومان
Venice = بندقية
Naples = نابولي
Sicily = صقلية
Vatican = فاتيكان
Vienna = فيينا
Brussels = بروكسل
Cologne = ?كولونيا
Russia = روسيا, ?روس
Moscow = موسكو
Crimea = ?قرم
Ukraine = أوكرانيا
Georgia = جورجيا
China = صين
Beijing = بكين
Japan = يابان
India = ?هند, هنود
Mongolia = منغوليا, مغول, منغول
Afghanistan = أفغانستان, أفغان
Ethiopia = إثيوبيا, حبشة
Ivory Coast = ساحل العاج, كوت ديفوار
Cape Verde = رأس الأخضر
Comoros = جزر القمر
South Africa = جنوب أفريقيا, جنوب إفريقيا
America = ولايات المتحدة, أمريكا, أميركا
Washington = واشنطن
White House = بيت الأبيض
New York = نيويورك
Australia = أستراليا
New Zealand = نيوزيلندا, نيوزيلاندا
Europe = أوروبا, أوروبي
Africa = أفريقيا, إفريقيا, أفارقة
Asia = آسيا
North America = أمريكا الشمالية
South America = أمريكا الجنوبية
Middle East = شرق الأوسط
Mediterranean = ?متوسط
Red Sea = بحر الأحمر
Black Sea = بحر الأسود
Atlantic = أطلسي, أطلنطي
Pacific = ?هادئ, ?هادي
Nile = ?نيل
Arab = عرب, عربي
Berber = بربر, أمازيغ
Jew = يهود
Christian = مسيحي, مسيحية, مسيح, نصارى
Muslim = مسلم, مسلمين, مسلمون, إسلام
Protestant = بروتستانت
Catholic = كاثوليك
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
Quran = قرآن
United Nations = أمم المتحدة
Security Council = مجلس الأمن
General Assembly = جمعية العامة
European Union = اتحاد الأوروبي
African Union = اتحاد الأفريقي, اتحاد الإفريقي
Arab League = جامعة العربية, جامعة الدول العربية
Gulf Cooperation Council = مجلس التعاون
NATO = ناتو, حلف شمال الأطلسي
World Health Organization = منظمة الصحة العالمية
World Bank = بنك الدولي
International Monetary Fund = صندوق النقد الدولي
World Trade Organization = منظمة التجارة العالمية
International Atomic Energy Agency = وكالة الدولية للطاقة الذرية
International Criminal Court = محكمة الجنائية الدولية
Amnesty International = منظمة العفو الدولية
Human Rights Watch = هيومن رايتس ووتش
Red Cross = صليب الأحمر
Red Crescent = هلال الأحمر
World Cup = كأس العالم, مونديال
Champions League = دوري أبطال
Premier League = دوري الإنجليزي الممتاز, دوري الممتاز
Nobel = نوبل
Oscar = أوسكار
Islamic State = داعش, تنظيم الدولة
Al-Qaeda = ?قاعدة
Hezbollah = حزب الله
Muslim Brotherhood = إخوان المسلمين, إخوان المسلمون
Taliban = طالبان
Houthi = ?حوثي, حوثيين, حوثيون
Pope = ?بابا
Ottoman = عثماني
Soviet Union = اتحاد السوفيتي, سوفيتي, سوفياتي
Parliament = برلمان
"""
# What Arabic hangs before and after a name.
_BEFORE = "[وف]?(?:بال|كال|لل|ال|[بلك])?"
_ENDS = "(?:ي|يه|يين|يون|يات|ين|ون|ه|يا|يي)?"


@dataclass(frozen=True, slots=True)
class _Table:
    """Keys by folded name, the names' pattern, and those that are common words too."""

    keys: dict[str, str]
    pattern: re.Pattern[str]
    doubtful: frozenset[str]


def known_names(text: str) -> Iterator[KnownName]:
    """Yield the known names in a text, in order."""
    folded, table = normalise(text), _table()
    for match in table.pattern.finditer(folded.text):
        span = folded.to_original(match.start(), match.end())
        yield KnownName(span, table.keys[match["name"]], match["name"] not in table.doubtful)


@cache
def _table() -> _Table:
    keys: dict[str, str] = {}
    doubtful: set[str] = set()
    for line in _NAMES.strip().splitlines():
        key, _, names = line.partition(" = ")
        for name in names.split(", "):
            folded = fold(name.removeprefix("?"))
            # "سويسري" is made from "سويسرا" without its last letter.
            for form in (folded, f"{folded[:-1].removesuffix('ي')}ي" if folded[-1] in "اه" else folded):
                keys.setdefault(form, key)
                if name[0] == "?":
                    doubtful.add(form)
    longest_first = sorted(keys, key=len, reverse=True)
    name = f"(?P<name>{'|'.join(map(re.escape, longest_first))})"
    return _Table(keys, re.compile(rf"(?<!\w){_BEFORE}{name}{_ENDS}(?!\w)"), frozenset(doubtful))
