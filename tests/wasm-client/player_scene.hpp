#pragma once

// What the player's tests share: the SDK's and the backend's side of it.

#include "tests/wasm-client/driver.hpp"
#include "wasm-client/features/library/lists.hpp"

#include <string>
#include <vector>

namespace cadenza::client {

inline Uri track_uri(int number) { return uri(id<TrackId>(number).uri()); }

// The SDK's state object: track `number` plays or is paused at `position` ms, the next one follows or none.
inline std::string sdk_state(bool paused, int number = 1, int position = 1'000, bool shuffle = true,
                             bool has_next = false) {
    const auto follows = R"~({"uri":"spotify:track:0000000000000000000999","name":"Next"})~";
    return R"~({"context":{"uri":"spotify:album:0000000000000000000009"},"disallows":{"skipping_prev":true},"duration":180000,)~"
           R"~("paused":)~" +
           std::string(paused ? "true" : "false") + R"~(,"position":)~" + std::to_string(position) +
           R"~(,"repeat_mode":1,"shuffle":)~" + (shuffle ? "true" : "false") +
           R"~(,"track_window":{"current_track":{"uri":"spotify:track:)~" + id<TrackId>(number).str() +
           R"~(","name":"Song","artists":[{"name":"Ana","uri":"spotify:artist:0000000000000000000003"}],)~"
           R"~("album":{"name":"Album","uri":"spotify:album:0000000000000000000009","images":[]}},"next_tracks":[)~" +
           (has_next ? follows : "") + "]}}";
}

// The same for tracks that were sent one by one: they have no context.
inline std::string list_state(bool paused, int number, int position = 1'000, bool shuffle = true,
                              bool has_next = false) {
    auto state = sdk_state(paused, number, position, shuffle, has_next);
    constexpr std::string_view context = R"~({"uri":"spotify:album:0000000000000000000009"})~";
    return state.replace(state.find(context), context.size(), R"~({"uri":"-"})~");
}

inline void sdk(Driver& driver, input::SdkSignal signal, std::string text = "") {
    driver.send(input::SdkSignalled{signal, std::move(text)});
}
inline void ready(Driver& driver, std::string device = "here-1") {
    sdk(driver, input::SdkSignal::ready, std::move(device));
}
inline void play_here(Driver& driver) {
    ready(driver);
    driver.send(input::SdkStateChanged{sdk_state(false)});
}

// What the backend says of a speaker that plays track `number`.
inline Playback elsewhere(const Driver& driver, int number = 7, bool playing = true) {
    Playback out;
    out.device = Device{"speaker", "Kitchen", "Speaker", true, false, true, 40};
    out.item.emplace();
    out.item->uri = track_uri(number);
    out.item->name = "Elsewhere " + std::to_string(number);
    out.item->duration_ms = 100'000;
    out.is_playing = playing;
    out.progress_ms = 10'000;
    out.timestamp = driver.now;
    return out;
}
inline void play_elsewhere(Driver& driver) { driver.answer("/api/player", encode(elsewhere(driver))); }

inline PlayerCommand command_in(const Driver& driver) {
    const auto fetch = driver.fetched("/api/player/commands");
    REQUIRE(fetch);
    return *decode<PlayerCommand>(*fetch->body, UnknownFields::refuse);
}
inline bool reads_playback(const Driver& driver) {
    for (const auto& fetch : driver.all<command::Fetch>())
        if (fetch.url == "/api/player") return true;
    return false;
}

inline std::vector<command::SdkMethod> sdk_calls(const Driver& driver) {
    std::vector<command::SdkMethod> out;
    for (const auto& call : driver.all<command::SdkCall>()) out.push_back(call.method);
    return out;
}

inline std::optional<std::int32_t> timer(const Driver& driver, std::string_view name) {
    std::optional<std::int32_t> out;
    for (const auto& started : driver.all<command::StartTimer>())
        if (started.timer == name) out = started.after_ms;
    return out;
}
// Lets a timer run out.
inline void pass(Driver& driver, const std::string& name, std::int64_t ms) {
    driver.now += ms;
    driver.send(input::TimerFired{name});
}

// Page `nth` of `total` liked songs: Track 0, Track 1, …
inline std::string liked_answer(int nth, int total) {
    SavedTrackPage page;
    const auto first = nth * page_size;
    for (int i = first; i < std::min(first + page_size, total); ++i)
        page.items.push_back({1'700'000'000'000, track(i)});
    page.offset = first;
    page.total = total;
    return encode(page);
}
inline void know_liked(Driver& driver, int nth, int total) {
    auto& resource = driver.state.resources.at(liked_page(nth));
    resource.shape = &shape_of<SavedTrackPage>;
    resource.value = std::make_shared<SavedTrackPage>(*decode<SavedTrackPage>(liked_answer(nth, total)));
    resource.at = driver.now;
}

}  // namespace cadenza::client
