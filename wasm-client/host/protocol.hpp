#pragma once

#include <string>

namespace cadenza::client {

// JSON Schema of what crosses between the core and the host modules: {"$defs": {"Call": …, "Reply": …, …}}.
// pwa/protocol.mjs makes wasm-client/host/protocol.d.ts from it.
std::string protocol_schema();

}  // namespace cadenza::client
