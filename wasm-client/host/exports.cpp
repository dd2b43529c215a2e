// What JavaScript sees: text in, text out (wasm-client/host/core.js). Everything else is in cadenza_client.
#include "wasm-client/app/core.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

// gnu::used is what makes Emscripten export a function; its own macro says no more.
extern "C" {

[[gnu::used]] void* app_alloc(std::size_t size) { return std::malloc(size); }

[[gnu::used]] void app_free(void* memory) { std::free(memory); }

// The answer is 32 bits of length, then that many bytes; the caller frees it.
[[gnu::used]] void* app_call(const char* json, std::size_t size) {
    static cadenza::client::Core core;
    const auto reply = core.call({json, size});
    const auto length = static_cast<std::uint32_t>(reply.size());
    auto* out = static_cast<char*>(std::malloc(sizeof length + reply.size()));
    if (!out) std::abort();
    std::memcpy(out, &length, sizeof length);
    std::copy(reply.begin(), reply.end(), out + sizeof length);
    return out;
}
}
