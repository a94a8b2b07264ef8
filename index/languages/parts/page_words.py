"""What stands on news pages around an article, in the languages that Khabar speaks; all as `fold` leaves it."""

from index.text.normalisation import fold


def _phrases(text: str) -> tuple[str, ...]:
    """Fold phrases that stand one a line, the longest first."""
    return tuple(sorted({fold(line).strip() for line in text.strip().splitlines()}, key=len, reverse=True))


# Before a link to another story, or over several.
RELATED = _phrases(
    """read also
    also read
    read more
    read next
    see also
    watch also
    related stories
    related articles
    related news
    related content
    related topics
    more on this story
    more on this
    more stories
    more from
    most read
    most popular
    recommended stories
    recommended for you
    you may also like
    you might also like
    don't miss
    اقرأ أيضا
    إقرأ أيضا
    اقرا ايضا
    اقرأ المزيد
    اقرأ كذلك
    طالع أيضا
    شاهد أيضا
    انظر أيضا
    للمزيد
    مواضيع ذات صلة
    موضوعات ذات صلة
    أخبار ذات صلة
    مقالات ذات صلة
    المزيد من الأخبار
    الأكثر قراءة
    قد يعجبك أيضا
    قد يهمك أيضا
    à lire aussi
    lire aussi
    lire également
    à lire également
    voir aussi
    à voir aussi
    sur le même sujet
    articles liés
    articles similaires
    les plus lus
    notre sélection
    vous aimerez aussi"""
)
# A link to the rest of an article that is only begun.
CONTINUED = _phrases(
    """read more
    continue reading
    read the full
    read full
    full story
    keep reading
    اقرأ المزيد
    إقرأ المزيد
    اقرأ بقية
    متابعة القراءة
    تابع القراءة
    المزيد
    التتمة
    lire la suite
    lire plus
    en savoir plus
    poursuivre la lecture"""
)
# In the title of a page that tells an event while it goes on.
LIVE = _phrases(
    """live
    as it happened
    minute by minute
    مباشر
    تغطية مباشرة
    بث مباشر
    لحظة بلحظة
    أولا بأول
    تغطية مستمرة
    تغطية متواصلة
    en direct
    direct
    minute par minute
    en continu"""
)
# Before the name of who wrote an embedded post.
POSTED_BY = _phrases(
    """a post shared by
    a post by
    posted by
    publiée par
    publié par
    une publication partagée par
    publication de
    تمت مشاركة منشور بواسطة
    تم النشر بواسطة
    تم النشر من قبل
    منشور بواسطة
    نشره"""
)
# A paragraph of a window that asks for consent.
CONSENT = _phrases(
    """we use cookies
    uses cookies
    our partners store
    and our partners
    accept all cookies
    accept cookies
    cookie policy
    manage your choices
    manage my choices
    نستخدم ملفات تعريف الارتباط
    يستخدم ملفات تعريف الارتباط
    ملفات تعريف الارتباط
    ملفات الكوكيز
    سياسة الخصوصية
    nous utilisons des cookies
    utilise des cookies
    nos partenaires
    accepter les cookies
    accepter et fermer
    politique de confidentialité"""
)
# A paragraph that asks for money or an account instead of telling on.
PAYWALL = _phrases(
    """subscribe to continue
    subscribe to read
    subscribe now
    subscribe today
    already a subscriber
    sign in to continue
    log in to continue
    register to continue
    to continue reading
    this article is for subscribers
    this content is for subscribers
    unlock this article
    sign up for our newsletter
    subscribe to our newsletter
    اشترك لمتابعة القراءة
    اشترك الآن
    للاشتراك في
    سجل الدخول لمتابعة
    لمتابعة القراءة
    هذا المحتوى للمشتركين
    هذا المقال للمشتركين
    اشترك في نشرتنا
    abonnez-vous
    pour lire la suite
    déjà abonné
    article réservé aux abonnés
    réservé à nos abonnés
    connectez-vous pour
    inscrivez-vous à notre newsletter"""
)
# What stands where the author's name would, and is no name.
NO_NAMES = frozenset(
    _phrases(
        """author
    authors
    username
    user
    admin
    administrator
    webmaster
    editor
    editors
    editorial staff
    staff
    staff writer
    guest
    anonymous
    unknown
    newsroom
    news desk
    follow author
    none
    null
    n/a
    作者
    编辑
    الكاتب
    المؤلف
    المحرر
    محرر
    المحررون
    هيئة التحرير
    مدير الموقع
    المشرف
    مجهول
    auteur
    l'auteur
    la rédaction
    rédaction
    administrateur
    anonyme
    inconnu"""
    )
)
# A heading over what readers wrote.
COMMENTS = _phrases(
    """comments
    reader comments
    readers' comments
    leave a comment
    leave a reply
    join the conversation
    join the discussion
    التعليقات
    تعليقات القراء
    أضف تعليقا
    اترك تعليقا
    commentaires
    vos commentaires
    réagir"""
)
