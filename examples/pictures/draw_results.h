#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pictures {

// Draws a picture with an external program. If the program is not installed or fails, adds a
// sentence about the picture `name` to `missing`. Returns whether the picture was drawn.
bool draw_if_possible(const std::string& name, const std::function<void()>& draw,
                      std::vector<std::string>& missing);

// Draws the results of a training in a folder: the log as loss.png, and graph.dot as graph.png.
// Skips files that do not exist: a finished training that is resumed in another folder writes
// neither file. Returns a sentence for each picture that cannot be drawn on this machine.
std::vector<std::string> draw_results(const std::string& folder);

}  // namespace pictures
