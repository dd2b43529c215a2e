#include "server/session/user_agent.hpp"

#include <utility>

namespace cadenza::server {
namespace {

using Names = std::pair<std::string_view, std::string_view>;  // what is in the field, what it is called

// Most browsers claim to be others too, so the more particular comes first.
constexpr Names browsers[] = {
    {"Edg", "Edge"},        {"OPR/", "Opera"},     {"SamsungBrowser", "Samsung Internet"},
    {"Vivaldi", "Vivaldi"}, {"FxiOS", "Firefox"},  {"Firefox/", "Firefox"},
    {"CriOS", "Chrome"},    {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
    {"curl/", "curl"}};
constexpr Names systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},   {"iPad", "iPad"},
                             {"CrOS", "ChromeOS"},   {"Windows", "Windows"}, {"Macintosh", "macOS"},
                             {"Linux", "Linux"}};

template <std::size_t count>
std::string_view first_of(const Names (&names)[count], std::string_view text) {
    for (const auto& [mark, name] : names)
        if (text.find(mark) != text.npos) return name;
    return {};
}

}  // namespace

std::string browser_of(std::string_view user_agent) {
    const auto browser = first_of(browsers, user_agent);
    const auto system = first_of(systems, user_agent);
    std::string out(browser.empty() ? "Unknown browser" : browser);
    if (!system.empty()) out += " on " + std::string(system);
    return out;
}

}  // namespace cadenza::server
