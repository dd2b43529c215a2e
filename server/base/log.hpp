#pragma once

// One line an event: JSON for machines, text for people. Field values are escaped, so nothing that came from
// outside can begin a line of its own. A Secret cannot be logged: there is no overload for it.
// docs/logs.md lists every event with its fields.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cadenza::server {

enum class Level { debug, info, warn, error };
enum class LogFormat { json, text };

class LogField {
public:
    LogField(std::string_view name, std::string_view value);
    LogField(std::string_view name, const std::string& value) : LogField(name, std::string_view(value)) {}
    LogField(std::string_view name, const char* value) : LogField(name, std::string_view(value)) {}
    LogField(std::string_view name, std::int64_t value);
    LogField(std::string_view name, int value) : LogField(name, static_cast<std::int64_t>(value)) {}
    LogField(std::string_view name, bool value);
    // Any other pointer would be taken for true.
    template <class T>
    LogField(std::string_view name, const T* value) = delete;

    std::string_view name() const noexcept { return name_; }
    const std::string& json() const noexcept { return json_; }

private:
    std::string_view name_;
    std::string json_;
};

using LogFields = std::initializer_list<LogField>;

// One event as a line, with its end.
std::string log_line(LogFormat format, Level level, std::string_view event, LogFields fields);

class Log {
public:
    using Sink = std::function<void(std::string_view line)>;
    using Observer = std::function<void(std::string_view event, LogFields fields)>;

    Log(Level least, LogFormat format, Sink sink) : least_(least), format_(format), sink_(std::move(sink)) {}

    // From now on `observer` is told of every error as well. It must not log errors itself.
    void watch_errors(Observer observer) { on_error_ = std::move(observer); }

    // `event` is a fixed name in snake_case: "request", "sign_in".
    void write(Level level, std::string_view event, LogFields fields = {}) const;
    void info(std::string_view event, LogFields fields = {}) const { write(Level::info, event, fields); }
    void warn(std::string_view event, LogFields fields = {}) const { write(Level::warn, event, fields); }
    void error(std::string_view event, LogFields fields = {}) const { write(Level::error, event, fields); }

private:
    Level least_;
    LogFormat format_;
    Sink sink_;
    Observer on_error_;
};

}  // namespace cadenza::server
