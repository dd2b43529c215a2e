#include "server/emulator/call.hpp"

#include <charconv>

namespace cadenza::emulator {
namespace {

std::optional<std::size_t> to_number(const std::string& text) {
    std::size_t value{};
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value);
    if (ec != std::errc{} || stop != end) return std::nullopt;
    return value;
}

}  // namespace

void Call::need(std::initializer_list<const char*> any) const {
    for (const auto* scope : any)
        if (scopes.count(scope) > 0) return;
    throw ApiError{403, "Insufficient client scope", {}};
}

std::size_t Call::limit(std::size_t fallback, std::size_t most) const {
    const auto text = parameter("limit");
    if (!text) return fallback;
    const auto value = to_number(*text);
    if (!value || *value < 1 || *value > most) throw ApiError{400, "Invalid limit", {}};
    return *value;
}

std::size_t Call::offset(std::size_t most) const {
    const auto text = parameter("offset");
    if (!text) return 0;
    const auto value = to_number(*text);
    if (!value || *value > most) throw ApiError{400, "Invalid offset", {}};
    return *value;
}

std::optional<std::string> Call::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional(found->second);
}

Json Call::body() const {
    if (request.body.empty()) return Json::object();
    auto parsed = Json::parse(request.body, nullptr, false);
    if (!parsed.is_object()) throw ApiError{400, "Error parsing JSON.", {}};
    return parsed;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(separator, begin), text.size());
        if (end > begin) out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

http::Response api_json(const Json& body, int status) {
    auto response =
        http::Response::json(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), status);
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.headers.set("Cache-Control", "private, max-age=0");
    return response;
}

http::Response api_error(int status, const std::string& message, const std::string& reason) {
    Json error{{"status", status}, {"message", message}};
    if (!reason.empty()) error["reason"] = reason;
    return api_json({{"error", std::move(error)}}, status);
}

}  // namespace cadenza::emulator
