#include "server/emulator/names.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace cadenza::emulator {
namespace {

using Words = std::vector<std::string_view>;

const Words adjectives{"Paper",  "Silver", "Quiet",   "Electric", "Northern", "Hollow", "Velvet",   "Distant",
                       "Amber",  "Second", "Glass",   "Wooden",   "Midday",   "Salt",   "Borrowed", "Tidal",
                       "Copper", "Slow",   "Painted", "Winter",   "Lucid",    "Marble", "Restless", "Indigo"};
const Words nouns{"Observatory", "Lantern", "Ferry",   "Orchard", "Signal",  "Harbour",
                  "Meridian",    "Thicket", "Almanac", "Kestrel", "Terrace", "Foundry",
                  "Postcard",    "Atlas",   "Willow",  "Cinder",  "Regatta", "Parlour",
                  "Comet",       "Ledger",  "Tramway", "Glacier", "Sextant", "Verandah"};
const Words verbs{"Leaving", "Counting", "Holding",   "Waiting for", "Drawing", "Crossing",
                  "Mending", "Carrying", "Following", "Forgetting",  "Folding", "Learning"};
const Words places{"the Estuary",     "Platform Nine", "the Old Reservoir",     "Harbour Street",
                   "the Long Field",  "Quarry Lane",   "the Lighthouse Stairs", "Room 31",
                   "the Night Ferry", "Saltmarsh Road"};
const Words first_names{"Maren", "Ilse",    "Tobin",  "Odile", "Caspar",
                        "Wren",  "Juniper", "Anselm", "Petra", "Idris"};
const Words last_names{"Halloway",     "Fenwick-Oda", "Sturrock",  "Vellacott",   "Amsinck",
                       "Quillfeather", "Lindgaard",   "Ostrander", "Thistlewood", "Marchbanks"};

// adjective-like, noun-like: put together they read as a name in that language.
struct Lexicon {
    Words first;
    Words second;
    std::string_view between;
};

const Lexicon& lexicon(Script script) {
    static const std::array<Lexicon, 14> all{{
        {adjectives, nouns, " "},
        {{"Les Étés", "La Forêt", "Café", "Le Théâtre", "L'Écho", "Derrière", "Après", "Mémoire"},
         {"de Verre", "Immobile", "des Marées", "Oublié", "du Métro", "d'Hiver", "à Paris-Nord", "Rêvée"},
         " "},
        {{"Grüne", "Stille", "Späte", "Weiße", "Müde", "Fünf", "Schöne"},
         {"Straßen", "Gärten", "Züge", "Nächte", "Flüsse", "Türme", "Wörter"},
         " "},
        {{"Corazón", "Mañana", "Jardín", "Niños", "Señales", "Otoño"},
         {"de Cobre", "sin Prisa", "del Río", "Perdidos", "en Línea", "Azul"},
         " "},
        {{"Żółty", "Nocny", "Śpiący", "Letni", "Cichy"},
         {"Pociąg", "Ogród", "Księżyc", "Świerk", "Łabędź"},
         " "},
        {{"Mùa", "Giấc mơ", "Phố", "Đường"}, {"mưa đầu", "xanh thẳm", "không tên", "về nhà"}, " "},
        {{"Тихий", "Белый", "Последний", "Ёлочный", "Дальний"},
         {"трамвай", "причал", "ноябрь", "проспект", "фонарь"},
         " "},
        {{"Ήσυχο", "Παλιό", "Άσπρο", "Μικρό"}, {"λιμάνι", "καλοκαίρι", "φεγγάρι", "καΐκι"}, " "},
        {{"夜明けの", "紙の", "遠い", "雨上がりの", "青い"}, {"観測所", "電車", "手紙", "灯台", "庭園"}, ""},
        {{"느린", "푸른", "작은", "늦은"}, {"우체국", "바다", "오후", "전차"}, " "},
        {{"慢慢的", "蓝色", "遥远的", "下雨天的"}, {"车站", "灯塔", "花园", "明信片"}, ""},
        {{"ليل", "قمر", "شارع", "صباح"}, {"المدينة", "هادئ", "الياسمين", "بعيد"}, " "},
        {{"רחוב", "לילה", "גשם", "בוקר"}, {"שקט", "כחול", "ראשון", "בצפון"}, " "},
        {{"नीली", "धीमी", "पुरानी", "आख़िरी"}, {"बारिश", "चिट्ठी", "रेल", "शाम"}, " "},
    }};
    return all[static_cast<std::size_t>(script)];
}

std::string joined(Random& random, Script script) {
    const auto& words = lexicon(script);
    return std::string(random.pick(words.first)).append(words.between).append(random.pick(words.second));
}

std::string english_title(Random& random) {
    switch (random.below(6)) {
        case 0: return std::string(random.pick(verbs)).append(" ").append(random.pick(places));
        case 1: return std::string(random.pick(nouns));
        case 2: return std::string(random.pick(adjectives)).append(" ").append(random.pick(nouns));
        case 3:
            return std::string("The ").append(random.pick(nouns)).append(" at ").append(random.pick(places));
        case 4: return std::string(random.pick(nouns)).append(" and ").append(random.pick(nouns));
        default: return std::string("What the ").append(random.pick(nouns)).append(" Said");
    }
}

}  // namespace

Script random_script(Random& random) {
    return random.chance(60) ? Script::english : static_cast<Script>(1 + random.below(13));
}

std::string artist_name(Random& random, Script script) {
    if (script != Script::english) return joined(random, script);
    switch (random.below(4)) {
        case 0:
            return std::string("The ")
                       .append(random.pick(adjectives))
                       .append(" ")
                       .append(random.pick(nouns)) +
                   "s";
        case 1: return std::string(random.pick(first_names)).append(" ").append(random.pick(last_names));
        case 2: return std::string(random.pick(nouns)).append(" & ").append(random.pick(nouns));
        default: return std::string(random.pick(adjectives)).append(" ").append(random.pick(nouns));
    }
}

std::string title(Random& random, Script script) {
    auto out = script == Script::english ? english_title(random) : joined(random, script);
    if (random.chance(4)) out += " (Live at the " + std::string(random.pick(nouns)) + ")";
    if (random.chance(3)) out += " – Remastered";
    return out;
}

std::string playlist_name(Random& random) {
    static const Words moods{"Slow Sunday",   "Deep focus",       "Kitchen radio",   "Long drive home",
                             "Rain on glass", "Saturday run",     "Piano for later", "Late shift",
                             "First coffee",  "Under headphones", "Songs for Ilse",  "Found in 2024",
                             "Train window",  "Quiet storm",      "Garden party"};
    std::string out(random.pick(moods));
    if (random.chance(40)) out += " " + std::to_string(random.between(2, 9));
    return out;
}

std::string genre(Random& random) {
    static const Words genres{"harbour folk", "slow disco", "glasshouse",  "paper jazz", "northern drift",
                              "tramcore",     "salt pop",   "night choir", "attic soul", "long wave"};
    return std::string(random.pick(genres));
}

}  // namespace cadenza::emulator
