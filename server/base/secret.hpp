#pragma once

#include <string>
#include <utility>

namespace cadenza::server {

// A string that must not reach a log: it has no operator<<, and reading it is spelt out.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    const std::string& reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    bool operator==(const Secret&) const = default;

private:
    std::string value_;
};

}  // namespace cadenza::server
