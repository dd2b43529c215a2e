#include "server/emulator/names.hpp"

#include "server/emulator/lexicon.hpp"

namespace cadenza::emulator {
namespace {

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

std::string_view article(std::string_view noun) {
    return is_vowel(static_cast<char>(noun.front() | 0x20)) ? "An " : "A ";
}

const Words adjectives{
    "Paper",   "Silver", "Quiet",  "Electric", "Northern", "Hollow",     "Velvet",  "Distant", "Amber",
    "Second",  "Glass",  "Wooden", "Midday",   "Salt",     "Borrowed",   "Tidal",   "Copper",  "Slow",
    "Painted", "Winter", "Lucid",  "Marble",   "Restless", "Indigo",     "Crooked", "Linen",   "Patient",
    "Ochre",   "Unlit",  "Folded", "Pewter",   "Early",    "Threadbare", "Coastal", "Drowsy",  "Forgotten"};
const Words nouns{"Observatory", "Lantern",   "Ferry",     "Orchard",      "Signal",  "Harbour",
                  "Meridian",    "Thicket",   "Almanac",   "Kestrel",      "Terrace", "Foundry",
                  "Postcard",    "Atlas",     "Willow",    "Cinder",       "Regatta", "Parlour",
                  "Comet",       "Ledger",    "Tramway",   "Glacier",      "Sextant", "Verandah",
                  "Causeway",    "Barometer", "Weir",      "Cartographer", "Loom",    "Staircase",
                  "Magpie",      "Boathouse", "Turnstile", "Quarry",       "Heron",   "Workshop"};
const Words verbs{"Leaving",  "Counting", "Holding",   "Waiting for", "Drawing", "Crossing",
                  "Mending",  "Carrying", "Following", "Forgetting",  "Folding", "Learning",
                  "Painting", "Missing",  "Repairing", "Dreaming of", "Walking", "Borrowing"};
const Words places{"the Estuary",     "Platform Nine",   "the Old Reservoir",     "Anchor Street",
                   "the Long Field",  "Quarry Lane",     "the Lighthouse Stairs", "Room 31",
                   "the Night Ferry", "Saltmarsh Road",  "the Upper Locks",       "Pier Four",
                   "the Ropeworks",   "Tannery Square",  "the Allotments",        "Weaver's Yard",
                   "the Last Stop",   "Chandler's Hill", "the Winter Garden",     "Floor Twelve"};
const Words months{"January", "February", "March",     "April",   "May",      "June",
                   "July",    "August",   "September", "October", "November", "December"};
const Words ensembles{"Ensemble", "Society", "Quartet", "Collective", "Union", "Club", "Orchestra", "Trio"};
const Words first_names{"Maren", "Ilse",  "Tobin",   "Odile", "Caspar", "Wren", "Juniper", "Anselm",
                        "Petra", "Idris", "Saoirse", "Emeka", "Linnea", "Rafe", "Tamsin",  "Yusra"};
const Words last_names{"Halloway",    "Fenwick-Oda",  "Sturrock",      "Vellacott",
                       "Amsinck",     "Quillfeather", "Lindgaard",     "Ostrander",
                       "Thistlewood", "Marchbanks",   "Okonjo-Reed",   "Brackwater",
                       "Vantongeren", "Aldercott",    "Pemberley-Ito", "Grünwaldt"};

std::string phrase(std::initializer_list<std::string_view> words) {
    std::string out;
    for (const auto word : words) out.append(word);
    return out;
}

std::string joined(Random& random, Script script) {
    const auto& words = lexicon(script);
    const auto thing = random.pick(words.things);
    return phrase({thing, words.between, random.pick(words.settings)});
}

std::string english_title(Random& random) {
    const auto adjective = random.pick(adjectives);
    const auto noun = random.pick(nouns);
    switch (random.below(7)) {
        case 0: return phrase({random.pick(verbs), " ", random.pick(places)});
        case 1: return phrase({adjective, " ", noun});
        case 2: return phrase({"The ", noun, " at ", random.pick(places)});
        case 3: return phrase({plural(std::string(noun)), " in ", random.pick(months)});
        case 4: return phrase({random.pick(verbs), " the ", adjective, " ", noun});
        case 5: return phrase({article(noun), noun, " for ", random.pick(first_names)});
        default: return phrase({"What the ", noun, " Said"});
    }
}

}  // namespace

std::string plural(std::string noun) {
    const auto last = noun.back();
    const auto before = noun.size() > 1 ? noun[noun.size() - 2] : ' ';
    if (last == 'y' && !is_vowel(before)) return noun.replace(noun.size() - 1, 1, "ies");
    const bool hisses = last == 's' || last == 'x' || (last == 'h' && (before == 'c' || before == 's'));
    return noun + (hisses ? "es" : "s");
}

Script random_script(Random& random) {
    return random.chance(60) ? Script::english : static_cast<Script>(1 + random.below(13));
}

std::string artist_name(Random& random, Script script) {
    if (script != Script::english) return joined(random, script);
    const auto adjective = random.pick(adjectives);
    const auto noun = random.pick(nouns);
    switch (random.below(4)) {
        case 0: return phrase({"The ", adjective, " ", plural(std::string(noun))});
        case 1: return person_name(random);
        case 2: return phrase({random.pick(first_names), " & the ", plural(std::string(noun))});
        default: return phrase({adjective, " ", noun, " ", random.pick(ensembles)});
    }
}

std::string title(Random& random, Script script) {
    auto out = script == Script::english ? english_title(random) : joined(random, script);
    if (random.chance(4)) out += phrase({" (Live at the ", random.pick(nouns), ")"});
    if (random.chance(3)) out += " – Remastered";
    return out;
}

std::string person_name(Random& random) {
    const auto first = random.pick(first_names);
    return phrase({first, " ", random.pick(last_names)});
}

std::string playlist_name(Random& random) {
    static const Words moods{"Slow Sunday",   "Deep focus",    "Kitchen radio",     "Long drive home",
                             "Rain on glass", "Saturday run",  "Piano for later",   "Late shift",
                             "First coffee",  "Headphones on", "Songs for Ilse",    "Train window",
                             "Quiet corners", "Garden party",  "Before the guests", "Everything Maren sent"};
    static const Words times{"Sunday morning", "Friday night", "November",       "Night bus",
                             "Summer of 2024", "Rainy day",    "Long weekend",   "Early train",
                             "Dinner",         "Study hall",   "Winter holiday", "Tuesday"};
    static const Words kinds{"slow burners",          "on repeat",       "without words", "for the road",
                             "discoveries",           "kept for later",  "favourites",    "in good company",
                             "with the windows down", "and nothing else"};
    if (random.chance(25)) return std::string(random.pick(moods));
    const auto time = random.pick(times);
    return phrase({time, " ", random.pick(kinds)});
}

std::string genre(Random& random) {
    static const Words genres{"harbour folk", "slow disco", "glasshouse",  "paper jazz", "northern drift",
                              "tramcore",     "salt pop",   "night choir", "attic soul", "long wave"};
    return std::string(random.pick(genres));
}

}  // namespace cadenza::emulator
