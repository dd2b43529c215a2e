#pragma once

// What comes from outside, read without surprises: numbers, JSON, and how a bad one is refused.

#include "server/http/message.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::emulator {

using Json = nlohmann::ordered_json;

// Thrown by whatever reads a request and turned into the Web API's error body by guarded().
struct ApiError {
    int status{};
    std::string message;
    std::string reason;
};

// Runs `answer`; what it throws becomes the Web API's error body.
http::Response guarded(const std::function<http::Response()>& answer);

// Decimal digits with an optional '-', nothing around them.
std::optional<std::int64_t> to_number(std::string_view text);
// 400 unless `text` is a number in these bounds. `name` is for the message.
std::int64_t number_in(std::string_view text, const char* name, std::int64_t least, std::int64_t most);

// The body as JSON; an empty one is an empty object. 400 when it is neither.
Json json_body(const http::Request& request);
// The integer at `key`, `fallback` when it is absent or null; 400 when it is anything else or out of bounds.
std::int64_t integer(const Json& body, const char* key, std::int64_t fallback, std::int64_t least,
                     std::int64_t most);
// The same for text and for yes or no.
std::string text(const Json& body, const char* key, std::string fallback = {});
bool flag(const Json& body, const char* key, bool fallback);
// The strings of the array at `key`; 400 when it holds anything else.
std::vector<std::string> texts(const Json& body, const char* key);

// "a,b" → {"a", "b"}; empty pieces are left out.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace cadenza::emulator
