"""Who speaks in the news: titles, institutions, places and given names, Arabic and English."""

from dataclasses import dataclass
from functools import cache, lru_cache

from index.folding import fold, word_set

# Masculine, as in a dictionary; the feminine and the definite are made from them.
_TITLES = (
    "وزير رئيس متحدث ناطق مدير محامي محام نائب قائد سفير مستشار خبير أمين كاتب والي وال محافظ معتمد عميد قيادي عضو "
    "مسؤول مسئول نقيب رائد لواء عقيد مقدم ملازم فريق عريف وكيل قاضي قاض مدعي شيخ إمام مفتي بابا بطريرك مطران دكتور "
    "أستاذ باحث محلل مختص أخصائي طبيب مهندس صحفي صحافي إعلامي كاتب شاعر مخرج ممثل فنان مغني مطرب منتج لاعب مدرب حكم "
    "مهاجم حارس ناشط منسق مراسل مبعوث موفد ممثل مندوب مقرر مفوض زعيم ملك أمير سلطان ولي عاهل مرشد حاكم سيناتور مرشح "
    "مرجع معارض مؤسس مالك صاحب رجل مستثمر شرطي ضابط جنرال كولونيل أميرال سيد سيدة آنسة أب والد والدة أم شقيق شقيقة ابن ابنة زوج "
    "زوجة نجل كريمة مواطن شاهد مصدر طالب تلميذ عالم مؤرخ كاهية مكلف مساعد معاون مراقب ملحق قنصل مكتشف مخترع معلق "
    "مفكر داعية عمدة مستشارة نقابي مربي معلم حقوقي برلماني دبلوماسي مشرف متصرف صيدلي مصمم رسام روائي "
    "منشط مذيع مقدم فلكي جراح مطور عامل سائق طيار ربان قبطان بطل نجم متسابق عداء ضيف حرفي تاجر فلاح رقيب وكيل معتصم "
    "كبير متفقد زميل محتج متظاهر شرطية مسير جندي ناخب مؤلف موسيقار موسيقي فيلسوف قس راهب حاخام كردينال أسقف منظر"
)
_PLURAL_TITLES = (
    "مسؤولون مسؤولين مصادر خبراء علماء باحثون باحثين أطباء نواب شهود محللون محللين مراقبون محامون وزراء أعضاء قادة "
    "ناشطون نشطاء محتجون متظاهرون مواطنون دبلوماسيون مختصون أهالي سكان متساكنون صحفيون معارضون نقابيون محققون قضاة مختصين رجال أعوان عناصر شبان محامين"
)
_INSTITUTIONS = (
    "وزارة سفارة هيئة حزب حركة مجلس مكتب لجنة إدارة منظمة جمعية نقابة شركة مؤسسة رئاسة حكومة شرطة جيش وكالة صحيفة قناة "
    "إذاعة جريدة مجلة موقع شبكة جامعة اتحاد بنك مصرف معهد مركز مرصد محكمة نيابة ديوان دائرة مديرية مندوبية ولاية بلدية "
    "معتمدية كتلة جبهة تيار تحالف ائتلاف قيادة قوات سلطة سلطات مصلحة مصالح مستشفى كلية مدرسة نادي رابطة منتخب فرقة مجموعة "
    "منصة غرفة كنيسة دار بيت برلمان كونغرس كنيست كرملين بنتاغون فاتيكان إمارة مملكة جمهورية دولة ولايات أمم اتحادية عمادة "
    "كونفدرالية فيدرالية كنفدرالية جماعة تنظيم فصائل كتائب ميليشيا بعثة مفوضية قنصلية ديوانة حماية دفاع صندوق بورصة متحف "
    "مهرجان مصنع مجمع تلفزيون تلفزة مطار ميناء دراسة تقرير بيان بلاغ تقارير دراسات وسائل صحف تحقيقات تحقيق استطلاع استطلاعات إحصائية قسم "
    "رسالة وثيقة وثائق مذكرة نتائج إحصائيات إحصاءات بيانات أرقام مؤشرات تسريبات معلومات أنباء أوساط دوائر جهات جهة طرف "
    "فريق هيئات وحدات وحدة جهاز أجهزة ادعاء قضاء معارضة ائتلاف عشيرة عائلة أسرة جمعيات أحزاب نقابات منظمات شركات مجلس "
    "تنسيقية مبادرة حملة نصرة طالبان حماس داعش قاعدة محتجين خلية غوغل جوجل فيسبوك تويتر آبل مايكروسوفت سامسونغ ناسا "
    "اليونيسف يونيسف يونسكو ناتو الفيفا فيفا الكاف الويفا يويفا رئاسية مندوبيات خطوط بريد ستيغ صوناد كونغرس مكتبة أكاديمية "
    "منشور لجان مصرف مجموعات عواصم دول بلدان حكومات جامعات فصيل لواء سرايا حشد مقاومة عصابات تنظيمات "
)
_FEMININE_PLURAL = (
    "مصادر وسائل تقارير دراسات صحف وثائق نتائج بيانات أرقام مؤشرات تسريبات معلومات أنباء أوساط دوائر جهات هيئات وحدات أجهزة "
    "أحزاب نقابات منظمات شركات جمعيات قوات سلطات مصالح ولايات فصائل كتائب أمم إحصائيات إحصاءات لجان مجموعات عواصم دول "
    "بلدان حكومات جامعات سرايا خطوط دار عصابات تنظيمات حماس طالبان داعش غوغل جوجل آبل مايكروسوفت سامسونغ ناسا يونيسف يونسكو"
)
_PLACES = (
    "تونس ليبيا الجزائر المغرب مصر سوريا سورية لبنان الأردن العراق فلسطين إسرائيل السعودية اليمن قطر الكويت البحرين عمان "
    "الإمارات السودان الصومال موريتانيا تركيا إيران أفغانستان باكستان الهند الصين روسيا أوكرانيا بولندا ألمانيا فرنسا "
    "إيطاليا إسبانيا البرتغال بريطانيا إنجلترا اسكتلندا إيرلندا هولندا بلجيكا النمسا سويسرا السويد النرويج الدنمارك فنلندا "
    "اليونان المجر رومانيا بلغاريا صربيا كرواتيا البوسنة أمريكا أميركا كندا المكسيك البرازيل الأرجنتين كولومبيا فنزويلا كوبا "
    "تشيلي بيرو أستراليا اليابان كوريا إندونيسيا ماليزيا الفلبين تايلند سنغافورة نيجيريا إثيوبيا كينيا أوغندا تشاد مالي النيجر "
    "السنغال أوروبا إفريقيا أفريقيا آسيا بغداد أربيل الموصل البصرة كركوك دمشق حلب بيروت القاهرة الرياض الدوحة دبي "
    "أبوظبي صنعاء عدن طرابلس بنغازي الرباط نواكشوط الخرطوم القدس غزة رام أنقرة إسطنبول طهران موسكو باريس لندن برلين "
    "روما مدريد بروكسل واشنطن نيويورك كاليفورنيا فلوريدا تكساس صفاقس سوسة القيروان بنزرت قابس قفصة نابل أريانة بنعروس منوبة "
    "زغوان باجة جندوبة الكاف سليانة القصرين المهدية المنستير توزر قبلي تطاوين مدنين جربة الحمامات قرطاج حمص إدلب درعا ديالى "
    "نينوى الأنبار كردستان البيضاء مانشستر برشلونة ميونيخ"
)
_GIVEN_NAMES = (
    "محمد حفيظ أحمد محمود علي حسن حسين عمر عثمان خالد يوسف إبراهيم إسماعيل إسحاق يعقوب موسى عيسى هارون داود سليمان زكريا يحيى أيوب "
    "يونس صالح هود نوح آدم إدريس عبد عبدالله عبدالرحمن عبدالعزيز عبدالفتاح عبدالكريم عبداللطيف عبدالمجيد عبدالحميد عبدالقادر "
    "عبدالرزاق عبدالوهاب عبدالملك عبدالناصر عبدالباسط عبدالسلام عبدالحليم عبدالغني عبدالجليل عبدالهادي عبدالرؤوف عبدالستار "
    "سعيد سعد سعود سالم سليم سلام سامي سمير سامر سيف سفيان سلمان سلطان شريف شكري شفيق شوقي شهاب شاكر صابر صادق صدام صلاح "
    "صبري صباح صفوان ضياء طارق طاهر طه طلال عادل عامر عباس عبيد عدنان عزيز عصام عماد عمار عمرو عياض عيد عاطف عاشور عازر "
    "غازي غسان غالب فادي فارس فاروق فاضل فائز فتحي فخري فرج فرحات فريد فهد فهمي فوزي فؤاد فيصل قاسم قصي قيس كامل كريم كمال "
    "لطفي لسعد لزهر لؤي ليث مالك ماجد ماهر مازن مبروك مجدي مجيد محرز محسن مختار مدحت مراد مرتضى مروان مسعود مصطفى مصعب معاذ معز "
    "معتز معن مقداد مقتدى ملحم ممدوح منجي منذر منصف منصور منير مهدي مهند مولدي مولود ميشال ميلاد نادر ناجي ناصر ناظم نافع "
    "نبيل نجيب نديم نذير نزار نسيم نصر نصير نضال نعمان نعيم نهاد نور نورالدين نوري نوفل هادي هاشم هاني هشام هيثم هيكل وائل واثق وجدي "
    "وحيد وديع وسام وسيم وليد ياسر ياسين يسري يزيد إياد إيهاب إلياس أسامة أسعد أشرف أكرم أمجد أمين أمير أنس أنور أنيس أيمن إيهاب "
    "باسل باسم بدر بدري برهان بسام بشار بشير بلال بلحسن بوجمعة بوعلي بكر بهاء توفيق تامر تيسير ثامر جابر جاسم جعفر جلال جلول جمال "
    "جمعة جميل جواد جودت جهاد حاتم حارث حازم حافظ حامد حبيب حسام حسان حسني حسيب حكيم حليم حمادي حمة حمد حمدي حمزة حميد حيدر خالد "
    "خميس خليفة خليل خلدون خيري دريد راشد راغب رائد رامي رامز رؤوف ربيع رجاء رجب رشاد رشيد رضا رضوان رفيق رمزي رمضان رياض ريان "
    "زاهر زاهي زبير زهير زياد زيد زين ساسي سهيل ساطع صائب عبود عجيل عقيل عواد فاخر فالح قحطان كاظم كرار مثنى محيي مظهر نجم هوشيار "
    "بيار جبران جورج جرجس إيلي الباجي الحبيب المنصف الطيب الهادي الصادق الطاهر الأزهر المهدي المختار العربي الهاشمي البشير "
    "الأسعد العجمي المنجي الناصر الشاذلي الصحبي الصغير الفاضل الأمين التيجاني الحسين الحسن السيد الصافي الكامل المولدي النوري الأخضر "
    "فاطمة عائشة مريم خديجة زينب سارة ليلى سلمى سلوى سناء سهام سميرة سعاد سمية سوسن شيماء شهد صفاء ضحى عبير عفاف غادة فاتن فريدة "
    "كوثر لبنى لمياء لينا ليلي مها منى منية منيرة مي ميساء مية نادية ناديا نجلاء نجوى نزيهة نسرين نوال نورا هالة هاجر هدى هند هيفاء "
    "وفاء ياسمين يمينة أسماء أمل آمال أمينة أميرة إيمان إيناس ألفة آمنة آية بشرى بثينة بسمة حنان حياة خولة درة دليلة راضية رانيا رباب "
    "رجاء رحمة رغد رنا روضة ريم ريما زهرة زهور سامية سنية سيدة سعيدة شادية شهرزاد صوفية عزيزة علياء فوزية لطيفة ماجدة ماجدولين "
    "محرزية مروى نائلة نبيهة هبة وداد يسرى بية جويدة حسناء "
    "جون جيمس جورج جوزيف جاك جان جو جيم جيف جيرار جوليا جولي دونالد ديفيد دانيال ديمتري دميتري ديميتري دان دومينيك روبرت ريتشارد ريكس رجب "
    "رونالد روبن روس ستيف ستيفن ستيفان سيرغي سيباستيان شارل شون شينزو فرانسوا فرانك فلاديمير فيكتور فيليب فيدريكا فريدريك كارل كريستيان "
    "كريستوف كريستين كلود كيم كلارا لوران لورا لويس ليندا مارك ماركو مارتن مارين ماري ماريا ماتيو ماتياس مانويل مانوال مايك مايكل "
    "ميشيل ميخائيل ميغيل نيكولا نيكولاي نيكي نيكولاس هيلاري هنري هارون إيمانويل ايمانويل إيفان إيغور إليزابيث إدوارد إريك أرنو أندريه أندرو "
    "أندرياس أنطونيو أنجيلا أنغيلا أليكسي ألكسندر أوليفييه أولي باراك بنيامين بابلو باتريك باولو برنار برنارد برونو بوريس بول بيتر بيل "
    "بيبي بيب تشارلز توم توماس توني تيم تيريزا سوزان سيمون شارون ستافان غوردون غريغوري غاري يان يانيس ينس يواخيم وليام ويليام زيغمار سيغمار "
    "زلاتان كريستيانو ليونيل نيمار أرسين أرتيوم جوزيه خوسيه خوان كارلوس لوكا زين الدين ديدييه تيري جياني مورغان عدنان فلوريان جوزفين"
)
_NO_ARTICLE = word_set(
    fold("الله الآن الذي التي الية اليه آلاف ألغي الغاء إلغاء التقى التقت ألمانيا ألم البانيا الهام التزام التحاق")
)
# Parts of names that count as no name by themselves.
PARTICLES = word_set(
    fold(
        "بن ابن بنت بو أبو أبا أبي أم آل ولد عبد الله الدين دي دا دو دل ديل فان فون لو لا لوبان ال سي تي ذو ماك أوف زين نور"
    )
)

_ENGLISH_TITLES = word_set(
    "president vice-president minister secretary secretary-general chancellor premier prime spokesman spokeswoman spokesperson director "
    "manager lawyer attorney deputy commander ambassador adviser advisor expert governor mayor senator congressman "
    "congresswoman representative lawmaker mp chief chair chairman chairwoman chairperson head leader officer official judge justice "
    "prosecutor king queen prince princess emir sheikh pope bishop archbishop rabbi imam professor researcher analyst "
    "doctor dr mr mrs ms sir lord lady dame engineer journalist reporter correspondent writer author director filmmaker actor actress singer "
    "coach player striker goalkeeper captain activist coordinator envoy delegate commissioner founder owner executive ceo "
    "general colonel major lieutenant sergeant admiral brigadier marshal student teacher scientist historian economist "
    "farmer resident witness survivor source speaker rapporteur operator mother father brother sister son daughter wife husband "
    "widow neighbour neighbor shopkeeper trader dean rector inspector detective sheriff constable veteran organiser organizer "
    "campaigner editor consul diplomat fisherman driver pilot nurse surgeon"
)
_ENGLISH_PLURAL_TITLES = word_set(
    "officials sources police experts analysts researchers scientists witnesses residents diplomats doctors lawyers ministers "
    "prosecutors investigators authorities activists critics supporters lawmakers opponents rescuers organisers organizers medics "
    "economists observers aides spokesmen engineers farmers traders villagers protesters"
)
_ENGLISH_INSTITUTIONS = word_set(
    "ministry embassy government army police agency council committee commission authority party movement organisation organization "
    "association union company firm corporation bank university institute centre center court tribunal parliament senate congress house "
    "kremlin pentagon office department bureau board group coalition alliance front newspaper paper channel network station website "
    "statement report study survey inquiry panel club team federation league foundation fund force forces command navy "
    "administration presidency assembly cabinet mission consulate directorate hospital school airport operator airline militia faction "
    "opposition syndicate utility regulator watchdog charity prosecution brigade municipality city un nato eu us who imf isis authorities "
    "nations states"
)


@dataclass(frozen=True, slots=True)
class Noun:
    """What a folded Arabic word is to a speaker's description; `gender` is "m", "f" or "" where open."""

    title: bool = False
    institution: bool = False
    place: bool = False
    given_name: bool = False
    definite: bool = False
    gender: str = ""


# Bounded: a server meets new words for as long as it runs.
@lru_cache(maxsize=1 << 15)
def arabic_noun(folded: str) -> Noun:
    """Look up a folded Arabic word without its conjunction or preposition."""
    definite = folded.startswith("ال") and len(folded) > 3 and folded not in _NO_ARTICLE
    bare = folded[2:] if definite else folded
    title = _titles().get(bare)
    plural = bare in _folded(_FEMININE_PLURAL)
    institution = bare in _folded(_INSTITUTIONS) or folded in _folded(_INSTITUTIONS)
    gender = title if title is not None else ("f" if plural or folded.endswith(("ه", "ات")) else "m")
    return Noun(
        title=title is not None,
        institution=institution,
        place=folded in _folded(_PLACES),
        given_name=folded in _folded(_GIVEN_NAMES),
        definite=definite,
        gender=gender,
    )


def is_english_title(folded: str) -> bool:
    """Tell whether a folded English word is a title or a trade: "minister", "spokeswoman"."""
    return folded in _ENGLISH_TITLES or folded in _ENGLISH_PLURAL_TITLES


def is_plural_english_title(folded: str) -> bool:
    """Tell whether a folded English word names several speakers: "officials"."""
    return folded in _ENGLISH_PLURAL_TITLES


def is_english_institution(folded: str) -> bool:
    """Tell whether a folded English word names a body that makes statements: "ministry", "embassy"."""
    return folded in _ENGLISH_INSTITUTIONS


@cache
def _folded(table: str) -> frozenset[str]:
    return word_set(fold(table))


@cache
def _titles() -> dict[str, str]:
    """Return each title's forms without the article, with their gender."""
    titles: dict[str, str] = {}
    for word in _folded(_TITLES):
        titles.setdefault(word, "f" if word.endswith("ه") else "m")
        if not word.endswith("ه"):
            titles.setdefault(word + "ه", "f")
    for word in _folded(_PLURAL_TITLES):
        titles.setdefault(word, "f" if word in _folded(_FEMININE_PLURAL) else "p")
    return titles
