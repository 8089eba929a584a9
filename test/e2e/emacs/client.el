;;; client.el --- A session of Eglot with the server -*- lexical-binding: t -*-

;; Works on the Dockerfile of the current folder.  Each check prints "ok NAME" or "not ok NAME: detail".
;; Eglot of Debian 12 knows no codeAction/resolve, so this shows as well that such a client gets its edits at once.

;;; Code:
(package-initialize)
(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(define-derived-mode plimsoll-test-mode prog-mode "Dockerfile")
(setq eglot-sync-connect 20
      eglot-confirm-server-initiated-edits nil
      eglot-autoshutdown nil
      make-backup-files nil
      create-lockfiles nil)
(add-to-list 'eglot-server-programs
             `((plimsoll-test-mode :language-id "dockerfile")
               . ,(list (getenv "NODE_PROGRAM") (getenv "LANGUAGE_SERVER") "--stdio")))

(defun test-check (name ok detail)
  "Print whether the check NAME is OK, with DETAIL when it is not, and end then."
  (princ (format "%s %s%s\n" (if ok "ok" "not ok") name
                 (if ok "" (replace-regexp-in-string "\n" " " (format ": %S" detail)))))
  (unless ok (kill-emacs 1)))

(defun test-wait (answers)
  "Wait until the function ANSWERS answers something, at most twenty seconds; return that."
  (let ((deadline (+ (float-time) 20)) (found nil))
    (while (and (not (setq found (funcall answers))) (< (float-time) deadline))
      ;; Both of these happen after a pause of the user's, which batch mode does not have.
      (eglot--signal-textDocument/didChange)
      (flymake-start)
      (accept-process-output nil 0.05))
    found))

(defun test-messages ()
  "The texts of all diagnostics of the buffer."
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun test-diagnostic (rule)
  "The diagnostic of RULE in the buffer, if there is one."
  (cl-find-if (lambda (each) (string-match-p (regexp-quote rule) (flymake-diagnostic-text each)))
              (flymake-diagnostics)))

(defun test-titles (actions)
  "The titles of ACTIONS."
  (mapcar (lambda (each) (plist-get each :title)) actions))

(find-file "Dockerfile")
(plimsoll-test-mode)
(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)
(test-check "the server starts" (eglot-current-server) "no server")

(let ((diagnostic (test-wait (lambda () (test-diagnostic "base-image-latest-tag")))))
  (test-check "the moving tag is reported" diagnostic (test-messages))
  (test-check "its range is the image"
              (equal (buffer-substring (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic))
                     "node:latest")
              (list (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic)))
  (goto-char (flymake-diagnostic-beg diagnostic))
  (let* ((reply (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))
         (card (format "%S" reply)))
    (test-check "the base image has a hover card" (let ((case-fold-search t)) (string-match-p "debian" card)) card))
  (let* ((actions (append (eglot-code-actions (flymake-diagnostic-beg diagnostic) (flymake-diagnostic-end diagnostic)
                                              nil nil)
                          nil))
         (preferred (cl-find-if (lambda (each) (eq (plist-get each :isPreferred) t)) actions)))
    (test-check "one quick fix is preferred" preferred (test-titles actions))
    (test-check "the quick fix has an edit" (plist-get preferred :edit) preferred)
    (eglot--apply-workspace-edit (plist-get preferred :edit))))
(test-check "the quick fix pins the image" (string-prefix-p "FROM node:26\n" (buffer-string)) (buffer-string))
(test-check "its diagnostic disappears"
            (test-wait (lambda () (not (test-diagnostic "base-image-latest-tag")))) (test-messages))

(let ((all (append (eglot-code-actions (point-min) (point-max) "source.fixAll.plimsoll" nil) nil)))
  (test-check "fix all is offered" (= (length all) 1) (test-titles all))
  (test-check "fix all has an edit" (plist-get (car all) :edit) all)
  (eglot--apply-workspace-edit (plist-get (car all) :edit)))
(test-check "fix all mends what is safe" (string-match-p "mode=0400" (buffer-string)) (buffer-string))

(save-buffer)
(eglot-shutdown (eglot-current-server))
(test-check "the server stops when asked" (null (eglot-current-server)) "still running")

;;; client.el ends here
