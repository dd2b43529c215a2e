#pragma once

#include "wasm-client/app/state.hpp"

namespace cadenza::client {

// The whole behaviour: what becomes of `state` when `input` happens at `now`, and what the host is to do.
// Deterministic: no clock, no randomness, nothing but its arguments.
Effects update(State& state, const Input& input, std::int64_t now);

}  // namespace cadenza::client
