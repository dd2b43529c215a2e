#pragma once

// One user's player as Spotify Connect keeps it: devices, what plays, what follows. Pure: time is a
// parameter, nothing is sent anywhere.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cadenza::emulator {

using Index = std::size_t;

struct PlayerDevice {
    std::string id;
    std::string name;
    std::string type;
    bool supports_volume{true};
    bool restricted{};
    bool sdk{};  // lives in a page: its own end of track counts, not the clock
    int volume{60};
    // Of an SDK device. A clock of its own: tests move the emulator's.
    std::chrono::steady_clock::time_point seen_at{};
    std::string token;
};

enum class Repeat { off, context, track };

// A refusal as the Web API words it.
struct PlayerError {
    int status{};
    std::string message;
    std::string reason;
};

struct Item {
    bool episode{};
    Index index{};  // of the track or the episode in the catalogue
    std::int64_t duration_ms{};
    bool operator==(const Item&) const = default;
};

class Player {
public:
    std::vector<PlayerDevice> devices;
    std::optional<std::string> active;  // device id
    std::string context_uri;            // empty: a list of tracks
    std::vector<Item> items;            // the context in its own order
    std::vector<std::size_t> order;     // positions in `items`, in the order they play
    std::size_t position{};             // in `order`
    std::vector<Item> queue;            // plays before the rest of the context
    std::optional<Item> queued_now;     // the playing item, when it came from the queue
    bool playing{};
    bool shuffle{};
    Repeat repeat{};
    std::uint64_t version{};  // grows with every change
    struct Played {
        Index track;
        std::int64_t at;
        std::string context;
    };
    std::vector<Played> history;  // tracks only, newest last

    PlayerDevice* find(const std::string& id);
    const PlayerDevice* current_device() const;
    std::optional<Item> current() const;
    std::int64_t progress(std::int64_t now) const;
    // Up to `count` items that follow.
    std::vector<Item> upcoming(std::size_t count) const;
    std::optional<Item> previous_item() const;

    // Ends tracks whose time is over, on devices that are not pages.
    void advance(std::int64_t now);

    void play(std::string context, std::vector<Item> list, std::size_t first, std::int64_t at,
              std::int64_t now);
    std::optional<PlayerError> resume(std::int64_t now);
    std::optional<PlayerError> pause(std::int64_t now);
    void next(std::int64_t now);
    void previous(std::int64_t now);
    void seek(std::int64_t to, std::int64_t now);
    void set_shuffle(bool on, std::int64_t now);
    void set_repeat(Repeat mode);
    void enqueue(Item item);
    void transfer(const std::string& device, bool play, std::int64_t now);
    void remove_device(const std::string& device, std::int64_t now);
    // The page's own clock: where its audio really is.
    void report(std::int64_t progress_ms, std::int64_t now);
    void end_of_track(std::int64_t now);
    // The clock was moved: what plays goes on where it was.
    void shift(std::int64_t ms) { since_ += ms; }

private:
    void start(std::int64_t at, std::int64_t now);
    void settle(std::int64_t now);
    void remember(std::int64_t now);
    void make_order(std::size_t first);

    std::int64_t base_{};  // progress at `since_`
    std::int64_t since_{};
};

}  // namespace cadenza::emulator
