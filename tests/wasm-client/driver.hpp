#pragma once

// Plays the host: gives the core inputs and looks at what it wants done.

#include "shared/base/json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tracks.hpp"
#include "wasm-client/app/screen.hpp"
#include "wasm-client/app/update.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cadenza::client {

class Driver {
public:
    State state;
    Effects effects;  // of the last input
    std::int64_t now{1'790'000'000'000};

    void send(const Input& input) { effects = update(state, input, now); }
    void act(const Action& action, std::optional<std::string> value = std::nullopt) {
        send(input::Acted{on(action), std::move(value)});
    }

    void start(std::string address = "/", std::string meta = "", bool online = true) {
        send(input::Started{std::move(address), online, true, false, "shell", "", std::move(meta)});
    }
    // Signed in as account `key`, with everything the first page asks for answered.
    void sign_in(const std::string& key = "anna", std::string address = "/settings") {
        start(std::move(address));
        answer("/api/config", encode(config()));
        answer("/api/session", encode(session(key)));
        answer_store();
    }

    static ClientConfig config() {
        ClientConfig out;
        out.version = "1.0";
        out.demo = true;
        out.sdk_url = *Url::parse("https://sdk.scdn.co/spotify-player.js");
        return out;
    }
    SessionInfo session(const std::string& key) const {
        SessionInfo out;
        out.authenticated = true;
        out.account = key;
        out.user = User{"Anna", std::nullopt};
        out.reauthorize_at = Millis(now + 1'000'000'000);
        return out;
    }

    template <class T>
    std::vector<T> all() const {
        std::vector<T> out;
        for (const auto& effect : effects)
            if (const auto* found = std::get_if<T>(&effect)) out.push_back(*found);
        return out;
    }
    template <class T>
    std::optional<T> one() const {
        const auto found = all<T>();
        return found.empty() ? std::nullopt : std::optional<T>(found.back());
    }

    // The requests under way, whichever input began them.
    const std::map<std::int32_t, Pending>& pending() const { return state.pending; }
    std::optional<command::Fetch> fetched(std::string_view url) const {
        for (const auto& fetch : all<command::Fetch>())
            if (fetch.url.starts_with(url)) return fetch;
        return std::nullopt;
    }

    // Answers the request whose address or purpose is `about`.
    void answer(std::string_view about, std::string body, std::int32_t status = 200) {
        const auto id = id_of(about);
        INFO("no request for " << about);
        REQUIRE(id != 0);
        send(input::Answered{id, status, std::move(body), std::nullopt});
    }
    void fail(std::string_view about) {
        const auto id = id_of(about);
        INFO("no request for " << about);
        REQUIRE(id != 0);
        send(input::Answered{id, 0, "", input::FetchFailure::network});
    }
    // Everything asked of the device's store is not there.
    void answer_store() {
        for (bool found = true; found;) {
            found = false;
            for (const auto& [id, pending] : state.pending) {
                if (pending.purpose != Purpose::stored_resource && pending.purpose != Purpose::stored_outbox)
                    continue;
                send(input::Stored{id, std::nullopt});
                found = true;
                break;
            }
        }
    }

    std::string markup(std::string_view region) const {
        for (const auto& [id, markup] : screen(state).regions)
            if (id == region) return markup.str();
        return {};
    }
    std::string rows() const {
        std::string out;
        for (const auto& list : screen(state).lists)
            for (const auto& row : list.rows) out += row.markup.str();
        return out;
    }

private:
    std::int32_t id_of(std::string_view about) const {
        for (const auto& entry : state.pending) {
            const auto id = entry.first;
            const auto& pending = entry.second;
            if (pending.purpose == Purpose::resource && pending.about.starts_with(about)) return id;
            const auto is = [&](Purpose purpose, std::string_view name) {
                return pending.purpose == purpose && about == name;
            };
            if (is(Purpose::config, "/api/config") || is(Purpose::session, "/api/session") ||
                is(Purpose::logout, "logout") || is(Purpose::disconnect, "disconnect") ||
                is(Purpose::edit, "edit") || is(Purpose::playback, "/api/player") ||
                is(Purpose::command, "command") || is(Purpose::token, "token") ||
                is(Purpose::contains, "contains"))
                return id;
        }
        return 0;
    }
};

inline std::string problem(ProblemCode code) {
    Problem out;
    out.type = "/problems/" + std::string(json::type_of<ProblemCode>.get_text(&code));
    out.title = title_of(code);
    out.status = status_of(code);
    out.detail = "details";
    out.request_id = "r";
    return encode(out);
}

inline Uri uri(const std::string& text) { return *Uri::parse(text); }

}  // namespace cadenza::client
