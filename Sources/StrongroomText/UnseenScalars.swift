extension Unicode.Scalar {
    /// Whether nothing is seen where it stands, or what stands beside it is seen otherwise: control
    /// characters, those that turn the reading order, line separators, invisible letters.
    package var isUnseen: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        if properties.isDefaultIgnorableCodePoint { return true }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            true
        default: false
        }
    }
}
