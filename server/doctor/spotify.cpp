#include "server/doctor/spotify.hpp"

#include "shared/base/json.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace cadenza::server::doctor {
namespace {

struct TokenError {
    std::string error;
    std::optional<std::string> error_description;
};
BOOST_DESCRIBE_STRUCT(TokenError, (), (error, error_description))

// As the dashboard shows it.
bool is_usual_id(const std::string& id) {
    return id.size() == 32 && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Finding refused(const Config& config, const std::string& description) {
    const std::string check = "credentials";
    const std::string copy = " again from https://developer.spotify.com/dashboard";
    // Spotify says "Invalid client secret" when it knows the id, and "Invalid client" when it does not.
    if (description.find("secret") != description.npos)
        return {check, State::failed, "Spotify knows SPOTIFY_CLIENT_ID but not SPOTIFY_CLIENT_SECRET",
                "copy SPOTIFY_CLIENT_SECRET" + copy};
    const std::string shape =
        is_usual_id(config.client_id) ? "" : "; ids are 32 digits and letters a to f, this one is not";
    return {check, State::failed,
            "Spotify does not know SPOTIFY_CLIENT_ID together with SPOTIFY_CLIENT_SECRET" + shape,
            "copy SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET" + copy};
}

}  // namespace

std::optional<std::int64_t> parse_http_date(const std::string& text) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (!end || *end != '\0') return std::nullopt;
    return static_cast<std::int64_t>(::timegm(&parts)) * 1000;
}

Finding service(const std::string& check, const std::string& name, const Asked& asked) {
    if (asked.status == 0)
        return {check, State::failed, "cannot be reached: " + asked.unreachable,
                "see that this machine may connect to what " + name + " names (DNS, firewall, authorities)"};
    if (asked.status >= 500)
        return {check, State::warning, "has trouble of its own: it answered " + std::to_string(asked.status),
                "wait, and try again"};
    return {check, State::ok, "reachable", ""};
}

Finding credentials(const Config& config, const Asked& asked) {
    const std::string check = "credentials";
    if (asked.status == 200) return {check, State::ok, "Spotify gives this app tokens", ""};
    if (asked.status == 0) return {check, State::skipped, "Spotify could not be asked", ""};
    if (asked.status == 429 || asked.status >= 500)
        return {check, State::skipped, "Spotify answered " + std::to_string(asked.status), "try again later"};
    const auto error = decode<TokenError>(asked.body);
    // Only what is known is repeated: an answer might hold what was sent.
    if (error && error->error == "invalid_client")
        return refused(config, error->error_description.value_or(""));
    constexpr std::array others{"invalid_request", "unauthorized_client", "unsupported_grant_type",
                                "invalid_grant"};
    const auto* known = std::find(others.begin(), others.end(), error ? error->error : "");
    return {check, State::failed,
            "Spotify answered " + std::to_string(asked.status) +
                (known == others.end() ? "" : std::string(" ") + *known),
            "see that SPOTIFY_ACCOUNTS_URL names Spotify's accounts service, and check SPOTIFY_CLIENT_ID and "
            "SPOTIFY_CLIENT_SECRET"};
}

Finding clock(std::optional<std::chrono::milliseconds> ahead) {
    using namespace std::chrono_literals;
    if (!ahead) return {"clock", State::skipped, "nobody was there to compare it with", ""};
    const auto away = *ahead < 0ms ? -*ahead : *ahead;
    if (away <= 2s) return {"clock", State::ok, "within 2 s of others'", ""};
    const auto what = std::to_string((away.count() + 500) / 1000) + " s " + (*ahead > 0ms ? "fast" : "slow");
    const std::string todo =
        "let systemd-timesyncd or chrony keep it: lifetimes of tokens and cookies go by it";
    return {"clock", away > 30s ? State::failed : State::warning, what, todo};
}

}  // namespace cadenza::server::doctor
