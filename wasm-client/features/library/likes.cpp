#include "wasm-client/features/library/likes.hpp"

#include "wasm-client/app/requests.hpp"
#include "wasm-client/app/toast.hpp"
#include "wasm-client/features/library/lists.hpp"
#include "wasm-client/features/library/needs.hpp"
#include "wasm-client/features/session/session.hpp"

#include <algorithm>

namespace cadenza::client {
namespace {

constexpr std::size_t most_asked = 40;
constexpr std::int32_t again_ms = 10'000;
constexpr std::int32_t longest_ms = 5 * 60'000;

bool is_like(const Edit& edit) { return std::holds_alternative<change::Like>(edit.change); }

const Uri& uri_of(const Edit& edit) {
    return std::visit([](const auto& change) -> const Uri& { return change.uri; }, edit.change);
}

// Tabs share what the device keeps: each adds and removes its own.
void keep_edit(State& state, Effects& effects, const PendingEdit& pending) {
    effects.emplace_back(
        command::StoreMember{state.database(), "outbox", pending.edit.id.str(), encode(pending)});
}
void drop_edit(State& state, Effects& effects, const PendingEdit& pending) {
    effects.emplace_back(
        command::StoreMember{state.database(), "outbox", pending.edit.id.str(), std::nullopt});
}

// Lists that are longer or shorter now.
void mark_lists(State& state, const Uri& uri) {
    if (uri.kind() == "track") state.resources.mark_stale("/api/library/tracks");
    if (uri.kind() == "album") state.resources.mark_stale("/api/library/albums");
    if (uri.kind() == "artist") state.resources.mark_stale("/api/library/artists");
    if (uri.kind() == "playlist") state.resources.mark_stale("/api/library/playlists");
}

// What the backend said of `uri` when it was asked at `asked_at`; 0: this device kept it, from whenever.
void learn(State& state, const std::string& uri, bool saved, std::int64_t asked_at) {
    if (is_pending(state, uri)) return;
    const auto edited = state.edited_at.find(uri);
    if (edited != state.edited_at.end() && edited->second >= asked_at) return;
    if (asked_at == 0)
        state.liked.emplace(uri, saved);
    else
        state.liked[uri] = saved;
}

struct Collector {
    const State& state;
    std::vector<Uri>& out;

    void add(const std::string& uri) const {
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

bool is_pending(const State& state, const std::string& uri) {
    const auto& edits = state.outbox.edits;
    return std::any_of(edits.begin(), edits.end(),
                       [&](const PendingEdit& pending) { return uri_of(pending.edit).str() == uri; });
}

void ask_liked(State& state, Effects& effects) {
    if (state.asking_liked || !state.can_ask()) return;
    UrisQuery query;
    query.uris = unknown_on_screen(state);
    if (query.uris.empty()) return;
    std::string about;
    for (const auto& uri : query.uris) about += (about.empty() ? "" : ",") + uri.str();
    state.asking_liked = true;
    state.asked_liked_at = state.now;
    send(state, effects,
         {.address = address(endpoint::library_contains, None{}, query), .body = {}, .account = {}},
         {Purpose::contains, std::move(about)});
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
        learn(state, std::string(uri), saved, state.asked_liked_at);
        rest.remove_prefix(std::min(rest.size(), uri.size() + 1));
    }
}

void learn_liked(State& state, const std::string& address) {
    const auto* resource = state.resources.find(address);
    if (!resource || !resource->value) return;
    const auto asked_at = resource->stored ? 0 : resource->asked_at;
    if (const auto* tracks = state.resources.get<SavedTrackPage>(address))
        for (const auto& saved : tracks->items) learn(state, saved.track.id.uri(), true, asked_at);
    if (const auto* albums = state.resources.get<SavedAlbumPage>(address))
        for (const auto& saved : albums->items) learn(state, saved.album.id.uri(), true, asked_at);
    if (!address.starts_with("/api/library/artists")) return;
    if (const auto* artists = state.resources.get<ArtistPage>(address))
        for (const auto& artist : artists->items) learn(state, artist.id.uri(), true, asked_at);
}

void toggle_like(State& state, Effects& effects, const action::ToggleLike& toggle) {
    const auto uri = toggle.uri.str();
    const bool like = !is_liked(state, uri).value_or(false);
    state.liked[uri] = like;
    state.edited_at[uri] = state.now;
    auto& edits = state.outbox.edits;
    // The last one that is still waiting is taken back rather than followed by its opposite. One that was
    // sent may have been applied although no answer came.
    const auto end = edits.rend() - (state.first_edit_tried && !edits.empty() ? 1 : 0);
    const auto waiting = std::find_if(
        edits.rbegin(), end, [&](const PendingEdit& edit) { return uri_of(edit.edit) == toggle.uri; });
    if (waiting != end && is_like(waiting->edit) != like) {
        drop_edit(state, effects, *waiting);
        edits.erase(std::next(waiting).base());
    } else {
        Edit edit;
        edit.id = EditId(state.now, ++state.last_id);
        edit.change = like ? Change(change::Like{toggle.uri}) : Change(change::Unlike{toggle.uri});
        edits.push_back({std::move(edit), toggle.name});
        keep_edit(state, effects, edits.back());
    }
    const auto text = change_text(like, toggle.name);
    show_toast(state, effects, state.can_ask() ? text : text + " (sent when you are back online)", toggle);
    send_edits(state, effects);
}

void load_outbox(State& state, Effects& effects) {
    if (state.outbox_loaded || !state.has_account() || is_pending(state, Purpose::stored_outbox)) return;
    read_store(state, effects, "outbox", {Purpose::stored_outbox, {}});
}

void send_edits(State& state, Effects& effects) {
    if (state.sending_edit || state.outbox.edits.empty() || !state.can_ask() || !state.outbox_loaded) return;
    if (state.now < state.edits_wait_until) return;
    state.sending_edit = true;
    state.first_edit_tried = true;
    send(state, effects, endpoint::edits, {Purpose::edit, {}}, state.outbox.edits.front().edit);
}

void on_edit(State& state, Effects& effects, const input::Answered& answer) {
    state.sending_edit = false;
    if (state.outbox.edits.empty()) return;
    const auto trouble = trouble_of(answer);
    const bool later = answer.failure || answer.status >= 500 || answer.status == 429 ||
                       answer.status == 401 || is(trouble, ProblemCode::account_changed) ||
                       is(trouble, ProblemCode::origin_refused) || is(trouble, ProblemCode::header_missing);
    if (later) {
        const auto patience = std::min(longest_ms, again_ms << std::min(state.edits_failed++, 8));
        const auto wait = wait_ms(state, trouble, patience);
        state.edits_wait_until = state.now + wait;
        effects.emplace_back(command::StartTimer{"edits", wait});
        on_refused(state, effects, trouble);
        return;
    }
    const auto first = std::move(state.outbox.edits.front());
    state.outbox.edits.erase(state.outbox.edits.begin());
    state.first_edit_tried = false;
    state.edits_failed = 0;
    drop_edit(state, effects, first);
    const auto& uri = uri_of(first.edit);
    if (answer.status / 100 == 2) {
        state.edited_at[uri.str()] = state.now;
        mark_lists(state, uri);
        return;
    }
    // What was clicked after it still stands.
    if (!is_pending(state, uri.str())) state.liked[uri.str()] = !is_like(first.edit);
    show_toast(
        state, effects,
        "Could not be changed: " + first.name + ". " + (trouble.problem ? trouble.problem->detail : ""));
}

void on_stored_outbox(State& state, const input::Stored& stored) {
    state.outbox_loaded = true;
    const auto kept = stored.value ? decode<KeptOutbox>(*stored.value) : KeptOutbox{};
    if (!kept) return;
    std::vector<PendingEdit> edits;
    for (const auto& member : kept->members)
        if (auto pending = decode<PendingEdit>(member.value)) edits.push_back(std::move(*pending));
    state.first_edit_tried = state.first_edit_tried || !edits.empty();
    // What was done since the start comes after what was kept, which may hold it already.
    for (auto& pending : state.outbox.edits)
        if (std::find(edits.begin(), edits.end(), pending) == edits.end())
            edits.push_back(std::move(pending));
    for (const auto& pending : edits) state.liked[uri_of(pending.edit).str()] = is_like(pending.edit);
    state.outbox.edits = std::move(edits);
}

}  // namespace cadenza::client
