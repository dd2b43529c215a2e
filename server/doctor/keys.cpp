#include "server/doctor/keys.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace cadenza::server::doctor {
namespace {

constexpr const char* make = "openssl rand -base64 32 makes one; put it first and keep the old ones";

bool repeats(std::string_view bytes) {
    for (std::size_t period = 1; period <= bytes.size() / 2; ++period)
        if (bytes.substr(period) == bytes.substr(0, bytes.size() - period)) return true;
    return false;
}

bool counts(std::string_view bytes) {
    const auto step = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i] - bytes[i - 1]); };
    for (std::size_t i = 2; i < bytes.size(); ++i)
        if (step(i) != step(1)) return false;
    return true;
}

int year_now(std::int64_t now) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(now)};
    return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

std::string ids(const std::vector<SealingKey>& keys) {
    std::string out;
    for (const auto& key : keys) out += (out.empty() ? "" : ", ") + key.id;
    return out;
}

}  // namespace

bool looks_random(std::string_view bytes) {
    constexpr std::size_t enough_different = 16;
    const std::set<char> different(bytes.begin(), bytes.end());
    const bool text = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return bytes.size() >= 32 && different.size() >= enough_different && !text && !repeats(bytes) &&
           !counts(bytes);
}

std::optional<int> year_of(std::string_view key_id) {
    constexpr std::size_t digits = 4;
    if (key_id.size() < digits || !key_id.starts_with("20")) return std::nullopt;
    int year = 0;
    for (const char c : key_id.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        year = year * 10 + (c - '0');
    }
    return year;
}

Finding session_keys(const Config& config, std::int64_t now) {
    const std::string check = "session_keys";
    const auto& keys = config.session_keys;
    if (keys.empty() && config.demo) return {check, State::ok, "made at start, as demo mode may", ""};
    if (keys.empty())
        return {check, State::warning, "made at start: a restart ends sign-ins under way",
                "set SESSION_KEYS=kid:base64; openssl rand -base64 32 makes one"};
    for (const auto& key : keys)
        if (!looks_random(key.bytes.reveal()))
            return {check, State::failed, "the key \"" + key.id + "\" is not random: it can be guessed",
                    make};
    for (auto key = keys.begin(); key != keys.end(); ++key)
        if (std::any_of(keys.begin(), key,
                        [&](const SealingKey& other) { return other.bytes.reveal() == key->bytes.reveal(); }))
            return {check, State::warning, "the key \"" + key->id + "\" is another's, under a new id", make};
    const auto what = std::to_string(keys.size()) + " (" + ids(keys) + "), \"" + keys.front().id + "\" seals";
    const auto year = year_of(keys.front().id);
    if (!year)
        return {check, State::ok, what + "; its id tells no age",
                "name the next one after its year or day, 2026a or 20261101, to see when it is due"};
    if (year_now(now) - *year > 1)
        return {check, State::warning, what + ", since " + std::to_string(*year), make};
    return {check, State::ok, what + ", since " + std::to_string(*year), ""};
}

}  // namespace cadenza::server::doctor
