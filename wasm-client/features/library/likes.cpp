#include "wasm-client/features/library/likes.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/session/session.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::size_t most_asked = 40;
constexpr std::int32_t again_ms = 10'000;

bool is_like(const Edit& edit) { return std::holds_alternative<change::Like>(edit.change); }

const Uri& uri_of(const Edit& edit) {
    return std::visit([](const auto& change) -> const Uri& { return change.uri; }, edit.change);
}

void keep_outbox(State& state, Effects& effects) {
    write_store(state, effects, "outbox", encode(state.outbox));
}

// Lists that are longer or shorter now.
void mark_lists(State& state, const Uri& uri) {
    if (uri.kind() == "track") state.resources.mark_stale("/api/library/tracks");
    if (uri.kind() == "album") state.resources.mark_stale("/api/library/albums");
    if (uri.kind() == "artist") state.resources.mark_stale("/api/library/artists");
    if (uri.kind() == "playlist") state.resources.mark_stale("/api/library/playlists");
}

struct Collector {
    const State& state;
    std::vector<Uri>& out;

    void add(std::string uri) const {
        if (out.size() >= most_asked || state.liked.count(uri) > 0) return;
        auto parsed = Uri::parse(uri);
        if (parsed && std::find(out.begin(), out.end(), *parsed) == out.end())
            out.push_back(std::move(*parsed));
    }
    void operator()(const page::Playlist& page) const { add(page.id.uri()); }
    void operator()(const page::Album& page) const { add(page.id.uri()); }
    void operator()(const page::Artist& page) const { add(page.id.uri()); }
    void operator()(const page::Home&) const {}
    void operator()(const page::Search&) const {}
    void operator()(const page::Library&) const {}
    void operator()(const page::Settings&) const {}
};

std::vector<Uri> unknown_on_screen(const State& state) {
    std::vector<Uri> out;
    const Collector collect{state, out};
    if (state.player.now.item && state.player.now.item->uri && state.player.now.item->uri->kind() == "track")
        collect.add(state.player.now.item->uri->str());
    std::visit(collect, state.page);
    const auto window = rows_wanted(state);
    for (const auto& need : needs_of(state)) {
        const auto* resource = state.resources.find(need.address);
        if (!resource || !resource->value) continue;
        const auto tracks = tracks_in(*resource);
        // Home shows the first few of its list only.
        const auto most = std::holds_alternative<page::Home>(state.page) ? 12 : window.last + page_size;
        for (std::size_t i = 0; i < tracks.size() && i < static_cast<std::size_t>(most); ++i)
            collect.add(tracks[i]->id.uri());
    }
    return out;
}

std::string change_text(bool like, const std::string& name) {
    return (like ? "Added to your library: " : "Removed from your library: ") + name;
}

}  // namespace

std::optional<bool> is_liked(const State& state, const std::string& uri) {
    const auto found = state.liked.find(uri);
    return found == state.liked.end() ? std::nullopt : std::optional<bool>(found->second);
}

void ask_liked(State& state, Effects& effects) {
    if (state.asking_liked || !state.can_ask()) return;
    UrisQuery query;
    query.uris = unknown_on_screen(state);
    if (query.uris.empty()) return;
    std::string about;
    for (const auto& uri : query.uris) about += (about.empty() ? "" : ",") + uri.str();
    state.asking_liked = true;
    send(state, effects, endpoint::library_contains, {Purpose::contains, std::move(about)}, None{}, query);
}

void on_liked(State& state, Effects& effects, const input::Answered& answer, const std::string& uris) {
    const auto contains = decode<Contains>(answer.body);
    if (answer.status != 200 || !contains) {
        on_refused(state, effects, trouble_of(answer));
        // asking_liked stays set until then: hearts are not worth hammering for.
        effects.emplace_back(command::StartTimer{"liked", again_ms * 3});
        return;
    }
    state.asking_liked = false;
    std::string_view rest = uris;
    for (const bool saved : contains->saved) {
        const auto uri = rest.substr(0, rest.find(','));
        // What was clicked meanwhile is newer.
        state.liked.emplace(uri, saved);
        rest.remove_prefix(std::min(rest.size(), uri.size() + 1));
    }
}

void learn_liked(State& state, const std::string& address) {
    const auto learn = [&](std::string uri) { state.liked.emplace(std::move(uri), true); };
    if (const auto* tracks = state.resources.get<SavedTrackPage>(address))
        for (const auto& saved : tracks->items) learn(saved.track.id.uri());
    if (const auto* albums = state.resources.get<SavedAlbumPage>(address))
        for (const auto& saved : albums->items) learn(saved.album.id.uri());
    if (!address.starts_with("/api/library/artists")) return;
    if (const auto* artists = state.resources.get<ArtistPage>(address))
        for (const auto& artist : artists->items) learn(artist.id.uri());
}

void toggle_like(State& state, Effects& effects, const action::ToggleLike& toggle) {
    const auto uri = toggle.uri.str();
    const bool like = !is_liked(state, uri).value_or(false);
    state.liked[uri] = like;
    auto& edits = state.outbox.edits;
    // One that is still waiting is taken back rather than followed by its opposite.
    const auto waiting =
        std::find_if(edits.begin() + (state.sending_edit ? 1 : 0), edits.end(),
                     [&](const PendingEdit& edit) { return uri_of(edit.edit) == toggle.uri; });
    if (waiting != edits.end() && is_like(waiting->edit) != like) {
        edits.erase(waiting);
    } else {
        Edit edit;
        edit.id = EditId(state.now, ++state.last_id);
        edit.change = like ? Change(change::Like{toggle.uri}) : Change(change::Unlike{toggle.uri});
        edits.push_back({std::move(edit), toggle.name});
    }
    keep_outbox(state, effects);
    const auto text = change_text(like, toggle.name);
    state.toast = Toast{state.can_ask() ? text : text + " (sent when you are back online)", toggle};
    effects.emplace_back(command::Announce{text});
    effects.emplace_back(command::StartTimer{"toast", 6'000});
    send_edits(state, effects);
}

void send_edits(State& state, Effects& effects) {
    if (state.sending_edit || state.outbox.edits.empty() || !state.can_ask() || !state.outbox_loaded) return;
    state.sending_edit = true;
    send(state, effects, endpoint::edits, {Purpose::edit, {}}, state.outbox.edits.front().edit);
}

void on_edit(State& state, Effects& effects, const input::Answered& answer) {
    state.sending_edit = false;
    if (state.outbox.edits.empty()) return;
    const auto first = state.outbox.edits.front();
    const auto trouble = trouble_of(answer);
    const bool later = answer.failure || answer.status >= 500 || answer.status == 429 ||
                       answer.status == 401 || is(trouble, ProblemCode::account_changed);
    if (later) {
        on_refused(state, effects, trouble);
        effects.emplace_back(command::StartTimer{"edits", again_ms});
        return;
    }
    state.outbox.edits.erase(state.outbox.edits.begin());
    keep_outbox(state, effects);
    if (answer.status == 204) {
        mark_lists(state, uri_of(first.edit));
    } else {
        state.liked[uri_of(first.edit).str()] = !is_like(first.edit);
        state.toast = Toast{
            "Could not be changed: " + first.name + ". " + (trouble.problem ? trouble.problem->detail : ""),
            {}};
    }
    send_edits(state, effects);
}

void on_stored_outbox(State& state, Effects& effects, const input::Stored& stored) {
    state.outbox_loaded = true;
    if (stored.value) {
        if (auto kept = decode<Outbox>(*stored.value)) {
            // What was done since the start comes after what was kept.
            kept->edits.insert(kept->edits.end(), state.outbox.edits.begin(), state.outbox.edits.end());
            state.outbox = std::move(*kept);
            for (const auto& pending : state.outbox.edits)
                state.liked[uri_of(pending.edit).str()] = is_like(pending.edit);
        }
    }
    send_edits(state, effects);
}

}  // namespace cadenza::client
