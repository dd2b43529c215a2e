#include "server/base/log.hpp"

#include "server/base/clock.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"

#include <array>

namespace cadenza::server {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};

// U+0080 to U+009F are legal in JSON, but terminals obey some of them as they obey ESC.
void escape_c1(std::string& json) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (auto at = json.find('\xC2'); at != json.npos; at = json.find('\xC2', at + 1)) {
        const auto code = static_cast<unsigned char>(json[at + 1]);  // valid UTF-8: something follows
        if (code < 0xA0) json.replace(at, 2, std::string("\\u00") + hex[code >> 4] + hex[code & 0xF]);
    }
}

}  // namespace

LogField::LogField(std::string_view name, std::string_view value) : name_(name) {
    append_json_string(json_, value);
    escape_c1(json_);
}
LogField::LogField(std::string_view name, std::int64_t value) : name_(name), json_(std::to_string(value)) {}
LogField::LogField(std::string_view name, bool value) : name_(name), json_(value ? "true" : "false") {}

std::string log_line(LogFormat format, Level level, std::string_view event, LogFields fields) {
    const auto time = format_instant(system_now());
    const auto level_name = level_names[static_cast<std::size_t>(level)];
    std::string line;
    if (format == LogFormat::json) {
        line = "{\"time\":\"" + time + "\",\"level\":\"" + std::string(level_name) + "\",\"event\":\"" +
               std::string(event) + "\"";
        for (const auto& field : fields)
            line.append(",\"").append(field.name()).append("\":").append(field.json());
        line += "}\n";
    } else {
        line = time.substr(11, 8) + " " + std::string(level_name) + " " + std::string(event);
        for (const auto& field : fields)
            line.append(" ").append(field.name()).append("=").append(field.json());
        line += "\n";
    }
    return line;
}

void Log::write(Level level, std::string_view event, LogFields fields) const {
    if (level == Level::error && on_error_) on_error_(event, fields);
    if (level >= least_) sink_(log_line(format_, level, event, fields));
}

}  // namespace cadenza::server
