#include "server/emulator/values.hpp"

#include "server/emulator/call.hpp"

#include <charconv>

namespace cadenza::emulator {
namespace {

const Json* present(const Json& body, const char* key) {
    const auto found = body.find(key);
    return found == body.end() || found->is_null() ? nullptr : &*found;
}

[[noreturn]] void refuse(const char* key) { throw ApiError{400, std::string("Invalid ") + key, {}}; }

}  // namespace

http::Response guarded(const std::function<http::Response()>& answer) {
    try {
        return answer();
    } catch (const ApiError& error) {
        return api_error(error.status, error.message, error.reason);
    } catch (const nlohmann::json::exception&) {
        return api_error(400, "Malformed json");
    }
}

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t value{};
    const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

std::int64_t number_in(std::string_view text, const char* name, std::int64_t least, std::int64_t most) {
    const auto value = to_number(text);
    if (!value || *value < least || *value > most) refuse(name);
    return *value;
}

Json json_body(const http::Request& request) {
    if (request.body.empty()) return Json::object();
    auto parsed = Json::parse(request.body, nullptr, false);
    if (!parsed.is_object()) throw ApiError{400, "Error parsing JSON.", {}};
    return parsed;
}

std::int64_t integer(const Json& body, const char* key, std::int64_t fallback, std::int64_t least,
                     std::int64_t most) {
    const auto* value = present(body, key);
    if (!value) return fallback;
    // Beyond 2^63 it would come out negative.
    const bool huge = value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{1} << 62;
    if (!value->is_number_integer() || huge) refuse(key);
    const auto number = value->get<std::int64_t>();
    if (number < least || number > most) refuse(key);
    return number;
}

std::string text(const Json& body, const char* key, std::string fallback) {
    const auto* value = present(body, key);
    if (!value) return fallback;
    if (!value->is_string()) refuse(key);
    return value->get<std::string>();
}

bool flag(const Json& body, const char* key, bool fallback) {
    const auto* value = present(body, key);
    if (!value) return fallback;
    if (!value->is_boolean()) refuse(key);
    return value->get<bool>();
}

std::vector<std::string> texts(const Json& body, const char* key) {
    const auto* value = present(body, key);
    std::vector<std::string> out;
    if (!value) return out;
    if (!value->is_array()) refuse(key);
    out.reserve(value->size());
    for (const auto& one : *value) {
        if (!one.is_string()) refuse(key);
        out.push_back(one.get<std::string>());
    }
    return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(separator, begin), text.size());
        if (end > begin) out.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

}  // namespace cadenza::emulator
