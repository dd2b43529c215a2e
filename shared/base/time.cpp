#include "shared/base/time.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace cadenza {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

std::string padded(std::int64_t value, std::size_t width) {
    auto out = std::to_string(value);
    return out.size() < width ? std::string(width - out.size(), '0') + out : out;
}

std::string counted(std::int64_t count, std::string_view unit) {
    return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

std::int64_t floor_days(std::int64_t instant) { return (instant >= 0 ? instant : instant - day + 1) / day; }

std::chrono::year_month_day date_of(std::int64_t instant) {
    return std::chrono::year_month_day(
        std::chrono::sys_days(std::chrono::days(static_cast<int>(floor_days(instant)))));
}

// Takes exactly `width` digits off `text`.
std::optional<int> take_number(std::string_view& text, std::size_t width) {
    if (text.size() < width) return std::nullopt;
    int value = 0;
    const auto* const begin = text.data();
    const auto [end, ec] = std::from_chars(begin, begin + width, value);
    if (ec != std::errc{} || end != begin + width || text.front() == '-') return std::nullopt;
    text.remove_prefix(width);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

// "10:20:30" as milliseconds of the day.
std::optional<std::int64_t> take_time(std::string_view& text) {
    const auto h = take_number(text, 2);
    if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
    const auto m = take_number(text, 2);
    if (!m || *m > 59 || !take(text, ':')) return std::nullopt;
    const auto s = take_number(text, 2);
    if (!s || *s > 60) return std::nullopt;
    std::int64_t out = *h * hour + *m * minute + *s * second;
    if (take(text, '.')) {
        std::int64_t unit = second / 10;
        bool any = false;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            out += (text.front() - '0') * unit;
            unit /= 10;
            any = true;
            text.remove_prefix(1);
        }
        if (!any) return std::nullopt;
    }
    return out;
}

}  // namespace

std::string format_duration(std::int64_t duration_ms) {
    const auto seconds = duration_ms > 0 ? duration_ms / second : 0;
    const auto h = seconds / 3600;
    const auto m = seconds / 60 % 60;
    const auto s = padded(seconds % 60, 2);
    if (h > 0) return std::to_string(h) + ":" + padded(m, 2) + ":" + s;
    return std::to_string(m) + ":" + s;
}

std::string spell_duration(std::int64_t duration_ms) {
    const auto seconds = duration_ms > 0 ? duration_ms / second : 0;
    std::string out;
    if (seconds >= 3600) out += counted(seconds / 3600, "hour") + " ";
    if (seconds >= 60) out += counted(seconds / 60 % 60, "minute") + " ";
    return out + counted(seconds % 60, "second");
}

std::string format_total(std::int64_t duration_ms) {
    const auto minutes = duration_ms > minute ? duration_ms / minute : 1;
    if (minutes < 60) return std::to_string(minutes) + " min";
    return std::to_string(minutes / 60) + " hr " + std::to_string(minutes % 60) + " min";
}

std::string format_date(std::int64_t instant) {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto date = date_of(instant);
    return std::to_string(static_cast<unsigned>(date.day())) + " " +
           std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
           std::to_string(static_cast<int>(date.year()));
}

std::string format_age(std::int64_t instant, std::int64_t now) {
    const auto age = now - instant;
    if (age < minute) return "just now";
    if (age < hour) return std::to_string(age / minute) + " min ago";
    if (age < day) return std::to_string(age / hour) + " h ago";
    if (age < 2 * day) return "yesterday";
    if (age < 7 * day) return std::to_string(age / day) + " days ago";
    return format_date(instant);
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day_of_month = take_number(text, 2);
    if (!day_of_month || !take(text, 'T')) return std::nullopt;
    const auto time = take_time(text);
    if (!time || text != "Z") return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day_of_month))};
    if (!date.ok()) return std::nullopt;
    return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * day + *time;
}

std::string format_instant(std::int64_t instant) {
    const auto date = date_of(instant);
    const auto rest = (instant - floor_days(instant) * day) / second;
    return padded(static_cast<int>(date.year()), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) +
           "-" + padded(static_cast<unsigned>(date.day()), 2) + "T" + padded(rest / 3600, 2) + ":" +
           padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2) + "Z";
}

}  // namespace cadenza
