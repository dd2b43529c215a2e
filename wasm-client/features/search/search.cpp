#include "wasm-client/features/search/search.hpp"

namespace cadenza::client {
namespace {

constexpr std::int32_t pause_ms = 300;
constexpr std::size_t most_bytes = 200;

std::string cut(std::string text) {
    while (!text.empty() && text.front() == ' ') text.erase(text.begin());
    if (text.size() <= most_bytes) return text;
    auto end = most_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // a whole code point
    return text.substr(0, end);
}

}  // namespace

void on_typed(State& state, Effects& effects, const std::string& text) {
    state.typed = text;
    effects.emplace_back(command::StartTimer{"search", pause_ms});
}

void search_now(State& state, Effects& effects) {
    effects.emplace_back(command::StopTimer{"search"});
    const auto query = cut(state.typed);
    auto* search = std::get_if<page::Search>(&state.page);
    if (!search) {
        if (query.empty()) return;
        // Like a link to the page, but whoever types stays in the box.
        state.page = page::Search{query};
        effects.emplace_back(command::Navigate{address_of(state.page), false});
        effects.emplace_back(command::ScrollTo{"", 0});
        return;
    }
    if (search->query == query) return;
    // What somebody is no longer looking for need not arrive.
    for (auto pending = state.pending.begin(); pending != state.pending.end();) {
        const bool old = pending->second.about.starts_with("/api/search");
        if (old) {
            effects.emplace_back(command::Abort{pending->first});
            state.resources.at(pending->second.about).fetching = 0;
        }
        pending = old ? state.pending.erase(pending) : std::next(pending);
    }
    search->query = query;
    effects.emplace_back(command::Navigate{address_of(state.page), true});
}

}  // namespace cadenza::client
