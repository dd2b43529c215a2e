#include "server/http/message.hpp"

#include <algorithm>

namespace cadenza::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
    for (const auto& [key, value] : lines_)
        if (same_name(key, name)) return value;
    return std::nullopt;
}

std::string Headers::joined(std::string_view name) const {
    std::string out;
    bool first = true;
    for (const auto& [key, value] : lines_) {
        if (!same_name(key, name)) continue;
        if (!std::exchange(first, false)) out += ",";
        out += value;
    }
    return out;
}

std::size_t Headers::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(), [&](const Line& line) { return same_name(line.first, name); }));
}

void Headers::set(std::string name, std::string value) {
    erase(name);
    add(std::move(name), std::move(value));
}

void Headers::erase(std::string_view name) {
    std::erase_if(lines_, [&](const Line& line) { return same_name(line.first, name); });
}

Response Response::text(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = std::move(body)};
}

Response Response::json(std::string body, int status) {
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Response Response::html(std::string body, int status) {
    return {
        .status = status, .headers = {{"Content-Type", "text/html; charset=utf-8"}}, .body = std::move(body)};
}

Response Response::redirect(std::string location, int status) {
    return {.status = status, .headers = {{"Location", std::move(location)}}};
}

}  // namespace cadenza::http
