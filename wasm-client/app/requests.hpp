#pragma once

// Requests of the core: to the backend, and to this device's store.

#include "shared/api/endpoints.hpp"
#include "shared/base/json.hpp"
#include "wasm-client/app/state.hpp"

#include <string>

namespace cadenza::client {

struct Request {
    Method method{};
    Access access{Access::account};
    std::string address;
    std::optional<std::string> body;
    std::optional<std::string> account;  // for whom, when it is not who is signed in
    bool sync{};                         // nobody waits for it: the backend may refuse it sooner
};

// Its answer comes back under the id, with `pending`.
std::int32_t send(State& state, Effects& effects, Request request, Pending pending);

template <class Path, class Query, class Body, class Answer>
std::int32_t send(State& state, Effects& effects, const Endpoint<Path, Query, Body, Answer>& endpoint,
                  Pending pending, const Body& body = {}) {
    Request request{endpoint.info.method, endpoint.info.access, address(endpoint), {}, {}};
    if constexpr (!std::is_same_v<Body, None>) request.body = encode(body);
    return send(state, effects, std::move(request), std::move(pending));
}
bool is_pending(const State& state, Purpose purpose);

// Reads what this device keeps under `key` of the account's database.
std::int32_t read_store(State& state, Effects& effects, std::string key, Pending pending);
void write_store(State& state, Effects& effects, std::string key, std::string value);
// In the state, and on this device.
void change_meta(State& state, Effects& effects, const MetaChange& change);
void apply(const MetaChange& change, Meta& meta);

// The problem an answer above 299 tells; nullopt inside: no answer came.
Trouble trouble_of(const input::Answered& answer);
bool is(const Trouble& trouble, ProblemCode code);
// How long to wait before trying again: as the backend says, else `otherwise`.
std::int32_t wait_ms(const State& state, const Trouble& trouble, std::int32_t otherwise);

template <class Path, class Query, class Body, class Answer>
Need need(const Endpoint<Path, Query, Body, Answer>& endpoint, const Path& path = {},
          const Query& query = {}) {
    return {address(endpoint, path, query), &shape_of<Answer>};
}

// What Spotify said may be kept for a time only: longer than that nothing stays on the device.
inline constexpr std::int64_t kept_for_ms = std::int64_t{30} * 24 * 60 * 60'000;

// Asks for what is needed and is not there, too old, or failed and to be tried again.
void ensure(State& state, Effects& effects, const Need& need);
void on_resource(State& state, Effects& effects, const input::Answered& answer, const std::string& address);
void on_stored_resource(State& state, const input::Stored& stored, const std::string& address);
// Drops what is too old from this device.
void expire_store(const State& state, Effects& effects);

}  // namespace cadenza::client
