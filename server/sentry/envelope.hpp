#pragma once

// What is sent to Sentry, as text. https://develop.sentry.dev/sdk/data-model/envelopes/

#include "server/base/log.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cadenza::sentry {

struct Origin {
    std::string release;      // "cadenza@0.1.0"
    std::string environment;  // "demo"
};

struct Event {
    std::string id;           // 32 hex digits
    std::string fingerprint;  // equal for what is the same trouble
    std::string payload;      // JSON, scrubbed, at most 200 KB
};

// An error of the log. `now` in ms since 1970.
Event make_event(std::string_view name, server::LogFields fields, const Origin& origin, std::int64_t now);

// How many events were not sent, by reason ("queue_overflow").
using Discarded = std::map<std::string, std::int64_t>;

// `event` may be null, `discarded` empty, but not both.
std::string envelope(const Event* event, const Discarded& discarded, std::int64_t now);

}  // namespace cadenza::sentry
