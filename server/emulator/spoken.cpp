// Shows and audiobooks: a handful of each, so that every kind of item can be met.
#include "server/emulator/catalogue.hpp"
#include "server/emulator/names.hpp"

#include <array>

namespace cadenza::emulator {
namespace {

struct Subject {
    const char* name;
    const char* description;
};

constexpr std::array<Subject, 6> shows{{
    {"The Tide Table", "Two retired pilots read the week's tides and drift off course."},
    {"Small Hours Radio", "Calls from people who are up when nobody should be."},
    {"Bread, Mostly", "One loaf an episode, and what went wrong with it."},
    {"Letters to the Reservoir", "Unsent letters, read by those who did not send them."},
    {"Tracks and Sleepers", "Railway lines that were drawn and never built."},
    {"The Quiet Instruments", "An hour with a musician and an instrument few people know."},
}};
constexpr std::array<Subject, 5> books{{
    {"The Cartographer's Winter", "A mapmaker is snowed in with the one valley she never surveyed."},
    {"Nine Rooms on Anchor Street", "A house, told by each of its rooms."},
    {"The Ferry Keeps Its Own Time", "A crossing that takes an evening, or forty years."},
    {"A Short History of Almost Arriving", "Essays on platforms, piers and landings."},
    {"What the Heron Counted", "A novel of a marsh and the people who drained it."},
}};
constexpr std::array openings{"On", "After", "Against", "A word about", "Back to", "The trouble with"};
constexpr std::array matters{"the first frost", "borrowed keys",  "the night ferry", "slow trains",
                             "lost umbrellas",  "second chances", "old radios",      "the long way home",
                             "a cold kitchen",  "unread maps"};

std::string date_before(int days) {
    // Episodes come weekly, counted back from the end of September 2026 in months of four weeks.
    const int week = days / 7;
    const int month = 9 - week / 4;
    const int year = 2026 - (month <= 0 ? (12 - month) / 12 : 0);
    const int shown = ((month - 1) % 12 + 12) % 12 + 1;
    const int day = 28 - week % 4 * 7;
    const auto padded = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(year) + "-" + padded(shown) + "-" + padded(day);
}

void add_show(Catalogue& out, Random& random, const Subject& subject) {
    Show show{.id = random.id(), .name = subject.name, .description = subject.description};
    const int count = random.between(8, 26);
    for (int i = 0; i < count; ++i) {
        const std::string opening = random.pick(openings);
        show.episodes.push_back(out.episodes.size());
        out.episodes.push_back(
            {.id = random.id(),
             .name = std::to_string(count - i) + ". " + opening + " " + random.pick(matters),
             .description = std::string("In which it is about ") + random.pick(matters) + ".",
             .show = out.shows.size(),
             .release_date = date_before(i * 7),
             .duration_ms = random.between(900'000, 2'700'000)});
    }
    out.shows.push_back(std::move(show));
}

void add_book(Catalogue& out, Random& random, const Subject& subject) {
    Audiobook book{.id = random.id(),
                   .name = subject.name,
                   .description = subject.description,
                   .author = person_name(random),
                   .narrator = person_name(random)};
    const int count = random.between(9, 24);
    for (int i = 1; i <= count; ++i) {
        book.chapters.push_back(out.chapters.size());
        out.chapters.push_back({.id = random.id(),
                                .name = "Chapter " + std::to_string(i),
                                .audiobook = out.audiobooks.size(),
                                .number = i,
                                .duration_ms = random.between(600'000, 2'400'000)});
    }
    out.audiobooks.push_back(std::move(book));
}

}  // namespace

void add_spoken(Catalogue& catalogue, Random& random) {
    for (const auto& show : shows) add_show(catalogue, random, show);
    for (const auto& book : books) add_book(catalogue, random, book);
}

}  // namespace cadenza::emulator
