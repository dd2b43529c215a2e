#pragma once

// What must be in no log: gathered from the traffic of a test, and looked for at its end.

#include "server/http/client.hpp"
#include "shared/base/query.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

class Secrets {
public:
    void add(std::string_view secret) {
        if (secret.size() >= 8) all_.emplace(secret);  // shorter ones are words
    }
    // A request to Spotify: its credentials, and the fields of a form.
    void learn(const http::ClientRequest& request) {
        const auto credentials = request.headers.find("Authorization").value_or("");
        add(credentials.substr(std::min(credentials.size(), credentials.find(' ') + 1)));
        if (!request.target.ends_with("/api/token")) return;
        for (const auto* field : {"code", "code_verifier", "refresh_token"})
            add(parameter(request.body, field));
    }
    // An answer of Spotify or ours: tokens, cookies, and what a redirect carries.
    void learn(const http::ClientResponse& response) {
        for (const auto* field : {"access_token", "refresh_token"}) add(text_in(response.body, field));
        for (const auto& [name, value] : response.headers) {
            if (name == "Set-Cookie") add(cookie_value(value));
            if (name != "Location") continue;
            const auto query = value.substr(std::min(value.size(), value.find('?') + 1));
            for (const auto* field : {"code", "state"}) add(parameter(query, field));
        }
    }
    std::size_t size() const { return all_.size(); }

    // The lines with one of them.
    std::vector<std::string> found_in(const std::vector<std::string>& lines) const {
        std::vector<std::string> told;
        for (const auto& line : lines)
            if (std::any_of(all_.begin(), all_.end(),
                            [&](const std::string& secret) { return line.find(secret) != line.npos; }))
                told.push_back(line);
        return told;
    }
    void expect_none_in(const std::vector<std::string>& lines) const {
        if (std::uncaught_exceptions() > 0) return;  // the test has failed already
        CHECK(found_in(lines) == std::vector<std::string>{});
    }

private:
    static std::string parameter(const std::string& query, std::string_view name) {
        const auto parameters = parse_query(query);
        if (!parameters) return {};
        for (const auto& [key, value] : *parameters)
            if (key == name) return value;
        return {};
    }
    static std::string text_in(const std::string& json, const std::string& name) {
        const auto begin = json.find("\"" + name + "\":\"");
        if (begin == json.npos) return {};
        const auto value = begin + name.size() + 4;
        return json.substr(value, json.find('"', value) - value);
    }
    static std::string cookie_value(const std::string& cookie) {
        const auto equals = cookie.find('=');
        return cookie.substr(equals + 1, cookie.find(';') - equals - 1);
    }

    std::set<std::string> all_;
};

}  // namespace cadenza::server
