;;; lsp-mode.el --- lsp-mode with afidt-lsp beside another server -*- lexical-binding: t -*-
;; emacs --batch -Q --eval "(require 'lsp-mode)" -l lsp-mode.el
;; AFIDT_LSP: the server.  DEMO: a scratch copy of the demo.  SETUP: editors/emacs/afidt.el.

(require 'cl-lib)
(require 'lsp-mode)
(require 'lsp-diagnostics)
(define-derived-mode rust-mode prog-mode "Rust" (setq-local comment-start "// "))
(add-to-list 'auto-mode-alist '("\\.rs\\'" . rust-mode))
(defvar afidt-command (list (getenv "AFIDT_LSP") "lsp"))
(defvar afidt-settings '(:rules (:undispatchable_method "error")))
(load (getenv "SETUP"))
;; Stands for rust-analyzer: a server of Rust that is no add-on, with a higher priority.
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (list (getenv "AFIDT_LSP") "lsp")))
                  :activation-fn (lsp-activate-on "rust")
                  :priority 10
                  :server-id 'other))

(defvar demo (getenv "DEMO"))
(defvar passed 0)
(defvar failed 0)
(defun say (format &rest args) (princ (concat (apply #'format format args) "\n")))
(defun check (name ok &optional got)
  (if ok (progn (cl-incf passed) (say "ok   %s" name))
    (cl-incf failed)
    (say "FAIL %s: %s" name (replace-regexp-in-string "\n" " " (format "%S" got))))
  ok)
(defun eventually (name f &optional got)
  "Wait until F returns something; the test fails if it does not in time."
  (let ((end (+ (float-time) (string-to-number (or (getenv "PATIENCE") "20")))) value)
    (while (and (not (setq value (funcall f))) (< (float-time) end)) (accept-process-output nil 0.02))
    (check name value (and (not value) got (funcall got)))
    value))
(defun running ()
  (sort (mapcar (lambda (w) (symbol-name (lsp--workspace-server-id w)))
                (cl-remove-if-not (lambda (w) (eq (lsp--workspace-status w) 'initialized)) (lsp-workspaces)))
        #'string<))
(defun found (code)
  "The diagnostics of the buffer that have CODE, of all servers."
  (cl-remove-if-not (lambda (d) (equal (lsp:diagnostic-code? d) code)) (lsp--get-buffer-diagnostics)))

(setq lsp-auto-guess-root t
      lsp-restart 'ignore
      lsp-enable-snippet nil
      lsp-headerline-breadcrumb-enable nil
      lsp-modeline-workspace-status-enable nil
      lsp-modeline-diagnostics-enable nil
      lsp-modeline-code-actions-enable nil
      lsp-diagnostics-provider :none
      lsp-session-file (expand-file-name "session" (getenv "HOME"))
      lsp-debounce-full-sync-notifications-interval 0.05
      lsp-idle-delay 0.05)
(lsp-workspace-folders-add demo)

(condition-case err
    (progn
      (find-file (expand-file-name "src/lib.rs" demo))
      (lsp)
      (eventually "afidt runs beside another server of Rust" (lambda () (equal (running) '("afidt" "other"))) #'running)
      (eventually "both dyn types are errors, of both servers" (lambda () (= (length (found "E0038")) 4)) (lambda () (lsp--get-buffer-diagnostics)))
      (find-file (expand-file-name "src/client.rs" demo))
      (lsp)
      (eventually "the settings are obeyed" (lambda () (let ((all (found "AFIDT001"))) (and all (cl-every (lambda (d) (eq (lsp:diagnostic-severity? d) 1)) all))))
                  (lambda () (found "AFIDT001")))
      (find-file (expand-file-name "src/lib.rs" demo))
      (goto-char (point-min)) (search-forward "dyn HttpC")
      (let ((titles (mapcar #'lsp:code-action-title (lsp-code-actions-at-point))))
        (check "a companion is offered" (cl-some (lambda (title) (string-match-p "ompanion" title)) titles) titles))
      (let ((action (cl-find-if (lambda (a) (string-match-p "ompanion" (lsp:code-action-title a))) (lsp-code-actions-at-point))))
        (lsp-execute-code-action action))
      (eventually "the companion is written" (lambda () (save-excursion (goto-char (point-min)) (search-forward "DynHttpClient" nil t))) #'buffer-string)
      (find-file (expand-file-name "src/client.rs" demo))
      (check "and beside the trait" (save-excursion (goto-char (point-min)) (search-forward "DynHttpClient" nil t)) (buffer-string)))
  (error (cl-incf failed) (say "FAIL no error: %S" err)))
(say "%d passed, %d failed" passed failed)
(kill-emacs (if (= failed 0) 0 1))
