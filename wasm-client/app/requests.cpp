#include "wasm-client/app/requests.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

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

std::int32_t send(State& state, Effects& effects, Request request, Pending pending) {
    const auto id = ++state.last_id;
    command::Fetch fetch;
    fetch.id = id;
    fetch.method = name(request.method);
    fetch.url = state.backend + std::move(request.address);
    fetch.timeout_ms = timeout_ms;
    if (request.method != Method::get) fetch.headers.push_back({"X-Cadenza", "1"});
    // Tabs share the cookie: the backend must know for whom this tab speaks.
    if (request.account)
        fetch.headers.push_back({"X-Cadenza-Account", std::move(*request.account)});
    else if (request.access == Access::account)
        fetch.headers.push_back({"X-Cadenza-Account", state.meta.account});
    if (request.sync) fetch.headers.push_back({"Priority", "u=5"});
    if (request.body) fetch.headers.push_back({"Content-Type", "application/json"});
    fetch.body = std::move(request.body);
    state.pending[id] = std::move(pending);
    effects.emplace_back(std::move(fetch));
    return id;
}

bool is_pending(const State& state, Purpose purpose) {
    return std::any_of(state.pending.begin(), state.pending.end(),
                       [&](const auto& entry) { return entry.second.purpose == purpose; });
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

void apply(const MetaChange& change, Meta& meta) {
    if (change.account) meta.account = *change.account;
    if (change.signed_in) meta.signed_in = *change.signed_in;
    if (change.logout_pending) meta.logout_pending = *change.logout_pending;
    if (change.theme) meta.theme = *change.theme;
    if (change.volume) meta.volume = *change.volume;
    if (change.letters_off) meta.letters_off = *change.letters_off;
    if (change.config) meta.config = change.config;
}

void change_meta(State& state, Effects& effects, const MetaChange& change) {
    apply(change, state.meta);
    effects.emplace_back(command::StoreMeta{encode(change)});
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

std::int32_t wait_ms(const State& state, const Trouble& trouble, std::int32_t otherwise) {
    if (!trouble.problem || !trouble.problem->retry_at) return otherwise;
    constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(*trouble.problem->retry_at - state.now, otherwise, longest));
}

void ensure(State& state, Effects& effects, const Need& need) {
    auto& resource = state.resources.at(need.address);
    if (!resource.shape) {
        resource.shape = need.shape;
        resource.keep = need.keep;
        if (need.keep)
            resource.reading =
                read_store(state, effects, need.address, {Purpose::stored_resource, need.address});
    }
    const bool old =
        !resource.value || resource.stored || resource.stale || state.now - resource.at > need.fresh_ms;
    if (!old || resource.fetching || resource.trouble || !state.can_ask()) return;
    // What is shown is only looked at again, unless the listener changed it or wants it tried again.
    const bool sync = resource.value && !resource.stale;
    resource.stale = false;
    resource.asked_at = state.now;
    resource.fetching =
        send(state, effects, {.address = need.address, .body = {}, .account = {}, .sync = sync},
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
    if (resource.keep) write_store(state, effects, address, kept(state.now, answer.body));
}

void on_stored_resource(State& state, const input::Stored& stored, const std::string& address) {
    auto& resource = state.resources.at(address);
    resource.reading = 0;
    if (!stored.value || !resource.shape || resource.value) return;
    const auto end = stored.value->find('\n');
    if (end == std::string::npos) return;
    std::int64_t at{};
    std::from_chars(stored.value->data(), stored.value->data() + end, at);
    if (state.now - at > kept_for_ms) return;
    resource.value = read(*resource.shape, std::string_view(*stored.value).substr(end + 1));
    resource.at = at;
    resource.stored = resource.value != nullptr;
}

void expire_store(const State& state, Effects& effects) {
    // Edits that wait are not Spotify's but the listener's: only what was read expires.
    effects.emplace_back(command::StoreExpire{state.meta.account.empty() ? std::string() : state.database(),
                                              "/api/", Millis(state.now - kept_for_ms)});
}

}  // namespace cadenza::client
