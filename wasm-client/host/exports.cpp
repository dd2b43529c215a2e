// What JavaScript sees: text in, text out (wasm-client/host/core.js). Everything else is in cadenza_client.
#include "wasm-client/app/core.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <emscripten.h>

extern "C" {

EMSCRIPTEN_KEEPALIVE void* app_alloc(std::size_t size) { return std::malloc(size); }

EMSCRIPTEN_KEEPALIVE void app_free(void* memory) { std::free(memory); }

// The answer is 32 bits of length, then that many bytes; the caller frees it.
EMSCRIPTEN_KEEPALIVE void* app_call(const char* json, std::size_t size) {
    static cadenza::client::Core core;
    const auto reply = core.call({json, size});
    const auto length = static_cast<std::uint32_t>(reply.size());
    auto* out = static_cast<char*>(std::malloc(sizeof length + reply.size()));
    if (!out) std::abort();
    std::memcpy(out, &length, sizeof length);
    std::memcpy(out + sizeof length, reply.data(), reply.size());
    return out;
}
}
