#include "wasm-client/app/core.hpp"

#include "shared/base/json.hpp"
#include "wasm-client/app/keys.hpp"
#include "wasm-client/app/screen.hpp"
#include "wasm-client/app/update.hpp"

namespace cadenza::client {

Core::Core() : shown_(screen(state_)) {}

Reply Core::answer(const Call& call) {
    // Answering a key with anything at all would take it from the browser.
    if (const auto* key = std::get_if<input::KeyPressed>(&call.input); key && !is_ours(state_, *key))
        return {};
    Reply reply;
    reply.commands = update(state_, call.input, call.now);
    auto next = screen(state_);
    // A shell that another build wrote is no base for differences: everything is painted anew.
    if (const auto* started = std::get_if<input::Started>(&call.input);
        started && started->shell != shell_id(shown_))
        shown_ = {};
    reply.patches = diff(shown_, next);
    shown_ = std::move(next);
    return reply;
}

std::string Core::call(std::string_view json) {
    const auto call = decode<Call>(json, UnknownFields::refuse);
    return encode(call ? answer(*call) : Reply{});
}

}  // namespace cadenza::client
