"""English names that other languages do not spell alike, and their peoples'; one a line, by its first form."""

from collections.abc import Iterable
from functools import cache

from index.languages.grammar import KnownName
from index.languages.parts.latin import NameTable

_NAMES = """
Egypt, Egyptian, Egyptians
Cairo
Alexandria
Morocco, Moroccan, Moroccans
Algeria, Algerian, Algerians, Algiers
Tunisia, Tunisian, Tunisians, Tunis
Carthage
Tripoli
Jordan, Jordanian, Jordanians
Syria, Syrian, Syrians
Damascus
Aleppo
Lebanon, Lebanese
Sidon
Tyre
Palestine, Palestinian, Palestinians
Jerusalem
Bethlehem
Hebron
Jericho
West Bank
Israel, Israeli, Israelis
Saudi Arabia, Saudi, Saudis
Mecca, Makkah
Emirates, Emirati, UAE
Gulf
Iraq, Iraqi, Iraqis
Mosul
Basra
Euphrates
Tigris
Persia, Persian, Persians
Turkey, Turkish, Turks, Turk
Constantinople
Kurds, Kurdish, Kurd, Kurdistan
Cyprus, Cypriot, Cypriots
Greece, Greek, Greeks
Athens
Germany, German, Germans
Austria, Austrian, Austrians
Switzerland, Swiss
Hungary, Hungarian, Hungarians
Poland, Polish, Poles
Czech, Czechs
Croatia, Croatian, Croats, Croat
Montenegro
Bosnia, Bosnian, Bosnians
Netherlands, Dutch, Holland
Denmark, Danish, Danes, Dane
Norway, Norwegian, Norwegians
Sweden, Swedish, Swedes, Swede
Finland, Finnish, Finns
Ireland, Irish
Scotland, Scottish, Scots
England, English
Wales, Welsh
Britain, British, Great Britain, United Kingdom, UK, U.K.
London
France, French, Frenchman, Frenchmen
Spain, Spanish, Spaniards, Spaniard
Andalusia
Seville
Granada
Cordoba
Portugal, Portuguese
Lisbon
Italy, Italian, Italians
Rome, Roman, Romans
Venice, Venetian
Naples
Sicily, Sicilian
Vatican
Vienna
Brussels
Cologne
Russia, Russian, Russians
Moscow
Crimea, Crimean
Ukraine, Ukrainian, Ukrainians
Georgia, Georgian, Georgians
China, Chinese
Beijing, Peking
Japan, Japanese
India, Indian, Indians
Mongolia, Mongol, Mongols, Mongolian
Afghanistan, Afghan, Afghans
Ethiopia, Ethiopian
Ivory Coast, Côte d'Ivoire
Cape Verde
Comoros
South Africa, South African
America, American, Americans, United States, US, U.S., USA
Washington
White House
New York
Australia, Australian, Australians
New Zealand
Europe, European, Europeans
Africa, African, Africans
Asia, Asian, Asians
North America
South America
Middle East, Middle Eastern
Mediterranean
Red Sea
Black Sea
Atlantic
Pacific
Nile
Arab, Arabs, Arabic, Arabian
Berber, Berbers, Amazigh
Jew, Jews, Jewish
Christian, Christians, Christianity, Christ
Muslim, Muslims, Islam, Islamic, Moslem
Protestant, Protestants
Catholic, Catholics
Orthodox
Jesus
Moses
Virgin Mary
Joseph
Solomon
David
Abraham
Alexander
Jonathan
Bible
Quran, Koran, Qur'an
United Nations, UN, U.N.
Security Council
General Assembly
European Union, EU
African Union
Arab League
Gulf Cooperation Council, GCC
NATO
World Health Organization, World Health Organisation, WHO
World Bank
International Monetary Fund, IMF
World Trade Organization, WTO
International Atomic Energy Agency, IAEA
International Criminal Court, ICC
Amnesty International
Human Rights Watch
Red Cross
Red Crescent
World Cup
Champions League
Premier League
Nobel
Oscar, Oscars, Academy Award, Academy Awards
Islamic State, ISIS, ISIL, Daesh
Al-Qaeda, al-Qaeda, Al Qaeda, al-Qaida
Hezbollah, Hizbollah
Muslim Brotherhood
Taliban
Houthi, Houthis
Pope
Ottoman, Ottomans
Soviet Union, USSR, Soviet
Parliament
"""


def known_names(text: str) -> Iterable[KnownName]:
    """Return the known names in a text, in order."""
    return _table().found_in(text)


@cache
def _table() -> NameTable:
    return NameTable.of(_NAMES)
