// What the tokenizer asks of the C library, without the C library's answer: strtod and snprintf bring exact
// decimal conversion in 128-bit floating point and all of printf, a ninth of what the page downloads.
// Floating numbers are read to tell whether they are whole; messages of the tokenizer are never shown.
#include "wasm-client/host/number.hpp"

#include <cstddef>

extern "C" {

// All three are in one object of the library: it is left out only if none is missing.
double strtod(const char* text, char** end) {
    const char* after = text;
    const auto value = cadenza::client::read_number(text, after);
    if (end) *end = const_cast<char*>(after);
    return value;
}
float strtof(const char* text, char** end) { return static_cast<float>(strtod(text, end)); }
long double strtold(const char* text, char** end) { return strtod(text, end); }

int snprintf(char* out, std::size_t size, const char*, ...) {
    if (size > 0) *out = '\0';
    return 0;
}

// Called by the C++ runtime before it gives up; the trap says where.
[[noreturn]] void abort_message(const char*, ...) { __builtin_trap(); }
}
