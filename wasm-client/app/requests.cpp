#include "wasm-client/app/requests.hpp"

#include <charconv>

namespace cadenza::client {
namespace {

constexpr std::int32_t timeout_ms = 20'000;

// What is kept: when it was true, a line break, the answer as it came.
std::string kept(std::int64_t at, const std::string& body) { return std::to_string(at) + "\n" + body; }

std::shared_ptr<const void> read(const Shape& shape, std::string_view text) {
    auto value = shape.make();
    if (!json::decode(text, *shape.type, value.get(), UnknownFields::ignore)) return nullptr;
    return value;
}

}  // namespace

std::int32_t send(State& state, Effects& effects, const EndpointInfo& endpoint, std::string address,
                  Pending pending, std::optional<std::string> body) {
    const auto id = ++state.last_id;
    command::Fetch fetch;
    fetch.id = id;
    fetch.method = name(endpoint.method);
    fetch.url = state.backend + std::move(address);
    fetch.timeout_ms = timeout_ms;
    if (endpoint.method != Method::get) fetch.headers.push_back({"X-Cadenza", "1"});
    // Tabs share the cookie: the backend must know for whom this tab speaks.
    if (endpoint.access == Access::account)
        fetch.headers.push_back({"X-Cadenza-Account", state.meta.account});
    if (body) fetch.headers.push_back({"Content-Type", "application/json"});
    fetch.body = std::move(body);
    state.pending[id] = std::move(pending);
    effects.emplace_back(std::move(fetch));
    return id;
}

std::int32_t read_store(State& state, Effects& effects, std::string key, Pending pending) {
    const auto id = ++state.last_id;
    state.pending[id] = std::move(pending);
    effects.emplace_back(command::StoreGet{id, state.database(), std::move(key)});
    return id;
}

void write_store(State& state, Effects& effects, std::string key, std::string value) {
    effects.emplace_back(command::StorePut{state.database(), std::move(key), std::move(value)});
}

void write_meta(State& state, Effects& effects) {
    effects.emplace_back(command::StoreMeta{encode(state.meta)});
}

Trouble trouble_of(const input::Answered& answer) {
    if (answer.failure) return {};
    auto problem = decode<Problem>(answer.body);
    if (problem) return {std::move(*problem)};
    // A proxy answered in the backend's place.
    return {};
}

bool is(const Trouble& trouble, ProblemCode code) {
    return trouble.problem && code_of(*trouble.problem) == code;
}

void ensure(State& state, Effects& effects, const Need& need) {
    auto& resource = state.resources.at(need.address);
    if (!resource.shape) {
        resource.shape = need.shape;
        if (need.keep)
            resource.reading =
                read_store(state, effects, need.address, {Purpose::stored_resource, need.address});
    }
    const bool old =
        !resource.value || resource.stored || resource.stale || state.now - resource.at > need.fresh_ms;
    if (!old || resource.fetching || resource.trouble || !state.can_ask()) return;
    resource.stale = false;
    resource.fetching = send(state, effects, {.method = Method::get, .access = Access::account}, need.address,
                             {Purpose::resource, need.address});
}

void on_resource(State& state, Effects& effects, const input::Answered& answer, const std::string& address) {
    auto& resource = state.resources.at(address);
    resource.fetching = 0;
    if (!resource.shape) return;  // forgotten meanwhile
    auto value = answer.status == 200 ? read(*resource.shape, answer.body) : nullptr;
    if (!value) {
        resource.trouble = trouble_of(answer);
        return;
    }
    resource.value = std::move(value);
    resource.at = state.now;
    resource.stored = false;
    resource.trouble.reset();
    // Searches are not the library, and words typed are nobody's business.
    if (!address.starts_with("/api/search"))
        write_store(state, effects, address, kept(state.now, answer.body));
}

void on_stored_resource(State& state, const input::Stored& stored, const std::string& address) {
    auto& resource = state.resources.at(address);
    resource.reading = 0;
    if (!stored.value || !resource.shape || resource.value) return;
    const auto end = stored.value->find('\n');
    if (end == std::string::npos) return;
    std::int64_t at{};
    std::from_chars(stored.value->data(), stored.value->data() + end, at);
    resource.value = read(*resource.shape, std::string_view(*stored.value).substr(end + 1));
    resource.at = at;
    resource.stored = resource.value != nullptr;
}

}  // namespace cadenza::client
