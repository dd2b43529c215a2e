#pragma once

// The accounts service: consent page, codes, tokens. Source:
// https://developer.spotify.com/documentation/web-api/tutorials/code-flow

#include "server/emulator/world.hpp"

#include <map>

namespace cadenza::emulator {

// `path` is what follows "/accounts": "/authorize", "/api/token".
http::Response accounts(World& world, const http::Request& request, std::string_view path);

// POST /api/token.
http::Response token(World& world, const http::Request& request);

// Of a query or a form; the first of a name counts.
class Parameters {
public:
    explicit Parameters(std::string_view text);
    // Empty when it is not there.
    std::string operator[](const std::string& name) const;
    auto begin() const { return values_.begin(); }
    auto end() const { return values_.end(); }

private:
    std::map<std::string, std::string> values_;
};

}  // namespace cadenza::emulator
