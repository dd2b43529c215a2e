#pragma once

// Requests of the core: to the backend, and to this device's store.

#include "shared/api/endpoints.hpp"
#include "shared/base/json.hpp"
#include "wasm-client/app/state.hpp"

#include <string>

namespace cadenza::client {

// Sends a request of the endpoint table; its answer comes back under the id with `purpose` and `about`.
std::int32_t send(State& state, Effects& effects, const EndpointInfo& endpoint, std::string address,
                  Pending pending, std::optional<std::string> body = std::nullopt);

template <class Path, class Query, class Body, class Answer>
std::int32_t send(State& state, Effects& effects, const Endpoint<Path, Query, Body, Answer>& endpoint,
                  Pending pending, const Body& body = {}, const Query& query = {}) {
    std::optional<std::string> json;
    if constexpr (!std::is_same_v<Body, None>) json = encode(body);
    return send(state, effects, endpoint.info, address(endpoint, Path{}, query), std::move(pending),
                std::move(json));
}

// Reads what this device keeps under `key` of the account's database.
std::int32_t read_store(State& state, Effects& effects, std::string key, Pending pending);
void write_store(State& state, Effects& effects, std::string key, std::string value);
void write_meta(State& state, Effects& effects);

// The problem an answer above 299 tells; nullopt inside: no answer came.
Trouble trouble_of(const input::Answered& answer);
bool is(const Trouble& trouble, ProblemCode code);

template <class Path, class Query, class Body, class Answer>
Need need(const Endpoint<Path, Query, Body, Answer>& endpoint, const Path& path = {},
          const Query& query = {}) {
    return {address(endpoint, path, query), &shape_of<Answer>};
}

// Asks for what is needed and is not there, too old, or failed and to be tried again.
void ensure(State& state, Effects& effects, const Need& need);
void on_resource(State& state, Effects& effects, const input::Answered& answer, const std::string& address);
void on_stored_resource(State& state, const input::Stored& stored, const std::string& address);

}  // namespace cadenza::client
