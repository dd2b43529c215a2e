#pragma once

// Reads single settings and collects what is wrong with them.

#include "server/config.hpp"
#include "server/config_address.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

class ConfigReader {
public:
    ConfigReader(const Environment& environment, const ReadFile& read_file)
        : environment_(environment), read_file_(read_file) {}

    // The value, or the contents of what NAME_FILE names; an empty value counts as absent.
    std::optional<std::string> text(const std::string& name);
    std::string text_or(const std::string& name, std::string fallback);
    // The same for a variable in which an empty value means something.
    std::optional<std::string> raw(const std::string& name) const { return environment_(name); }

    std::int64_t number(const std::string& name, std::int64_t fallback, std::int64_t least,
                        std::int64_t most);
    std::uint16_t port(const std::string& name, std::uint16_t fallback);
    bool flag(const std::string& name);
    // "90s", "5m", "2h", "14d", or plain seconds; at least `least`.
    std::chrono::seconds duration(const std::string& name, std::chrono::seconds fallback,
                                  std::chrono::seconds least = std::chrono::seconds(0));
    // "https://host[:port]", or http on a loopback address; nothing after it, and as browsers write it.
    std::string origin(const std::string& name, std::string fallback);
    // https, or http on a loopback address or localhost; without a trailing slash.
    std::string address(const std::string& name, std::string fallback);
    // One of `words`; its number.
    std::size_t choice(const std::string& name, const std::vector<std::string_view>& words,
                       std::size_t fallback);

    void complain(std::string variable, std::string problem) {
        problems_.push_back({std::move(variable), std::move(problem)});
    }
    const std::vector<ConfigProblem>& problems() const { return problems_; }

private:
    const Environment& environment_;
    const ReadFile& read_file_;
    std::vector<ConfigProblem> problems_;
};

}  // namespace cadenza::server
