#include "server/sentry/envelope.hpp"

#include "server/base/crypto.hpp"
#include "server/sentry/scrub.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"

#include <nlohmann/json.hpp>

namespace cadenza::sentry {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_bytes = 200'000;
constexpr std::size_t most_characters = 2'000;  // of one field

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string new_id() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : server::random_bytes(16)) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 0xF];
    }
    return out;
}

Json value_of(const server::LogField& field) {
    auto value = Json::parse(field.json(), nullptr, false);
    if (!value.is_string()) return value;
    const auto scrubbed = scrub(field.name(), value.get<std::string>());
    return std::string(first_characters(scrubbed, most_characters));
}

// The fields that say what happened, not to which request or when.
bool tells_what(std::string_view field) {
    return field == "what" || field == "error" || field == "status" || field == "reason";
}

void add_item(std::string& out, std::string_view type, const std::string& payload) {
    out += dump(Json{{"type", type}, {"length", payload.size()}}) + "\n" + payload + "\n";
}

}  // namespace

Event make_event(std::string_view name, server::LogFields fields, const Origin& origin, std::int64_t now) {
    Event out;
    out.id = new_id();
    auto fingerprint = Json::array({name});
    auto extra = Json::object();
    auto tags = Json::object({{"event", name}});
    for (const auto& field : fields) {
        auto value = value_of(field);
        if (tells_what(field.name())) fingerprint.push_back(value.is_string() ? value : Json(value.dump()));
        auto& place = field.name() == "request_id" ? tags : extra;
        place[std::string(field.name())] = std::move(value);
    }
    out.fingerprint = dump(fingerprint);
    Json event{{"event_id", out.id},
               {"timestamp", format_instant(now)},
               {"platform", "native"},
               {"level", "error"},
               {"logger", "cadenza-server"},
               {"release", origin.release},
               {"environment", origin.environment},
               {"message", {{"formatted", name}}},
               {"fingerprint", std::move(fingerprint)},
               {"tags", std::move(tags)},
               {"extra", std::move(extra)}};
    out.payload = dump(event);
    if (out.payload.size() > most_bytes) {
        event["extra"] = {{"omitted", "more than 200 KB"}};
        event["fingerprint"] = {name};
        out.payload = dump(event);
    }
    return out;
}

std::string envelope(const Event* event, const Discarded& discarded, std::int64_t now) {
    auto header = Json::object();
    if (event) header["event_id"] = event->id;
    header["sent_at"] = format_instant(now);
    auto out = dump(header) + "\n";
    if (event) add_item(out, "event", event->payload);
    if (discarded.empty()) return out;
    auto list = Json::array();
    for (const auto& [reason, quantity] : discarded)
        list.push_back({{"reason", reason}, {"category", "error"}, {"quantity", quantity}});
    add_item(out, "client_report",
             dump(Json{{"timestamp", format_instant(now)}, {"discarded_events", std::move(list)}}));
    return out;
}

}  // namespace cadenza::sentry
